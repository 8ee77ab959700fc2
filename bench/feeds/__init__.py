"""How fast and how patient the collector of feeds is."""
