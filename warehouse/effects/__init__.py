"""Estimates: arrays in, numbers out. numpy and scipy only; no SQL, no I/O."""
