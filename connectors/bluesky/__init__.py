"""Bluesky: its stream (Jetstream) and its accounts' feeds, by plain HTTP and websockets."""
