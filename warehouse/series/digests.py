"""A hash of what a result rests on, so that equal inputs are known without being kept."""

import hashlib
from dataclasses import fields, is_dataclass

import numpy as np


def digest_of(value: object) -> str:
    """A hash of a value and all that it is made of; not pickled, because sets have another order in each process."""
    if isinstance(value, np.ndarray):
        told = f"{value.dtype}{value.shape}".encode() + np.ascontiguousarray(value).tobytes()
    elif is_dataclass(value) and not isinstance(value, type):
        told = "".join(digest_of(getattr(value, field.name)) for field in fields(value)).encode()
    elif isinstance(value, set | frozenset):
        told = "".join(sorted(digest_of(one) for one in value)).encode()
    elif isinstance(value, list | tuple):
        told = "".join(digest_of(one) for one in value).encode()
    else:
        told = repr(value).encode()
    return hashlib.sha256(type(value).__name__.encode() + told).hexdigest()
