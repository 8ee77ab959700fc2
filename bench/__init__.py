"""Benchmarks, run as the commands run: `flows` first, which says how many threads BLAS has."""

import flows as _flows  # noqa: F401
