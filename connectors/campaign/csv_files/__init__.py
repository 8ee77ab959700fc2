"""The lists beside campaign.toml, each row read or at fault with its line."""
