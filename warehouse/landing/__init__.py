"""Immutable Parquet files: written, bulk-loaded, erased."""
