"""Measurements: each module prints a table, and names its command and its seed."""

import os

# As in the product: see flows/__init__.py.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
