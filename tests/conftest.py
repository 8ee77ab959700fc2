"""What holds for every test."""

from hypothesis import settings

# A slow or busy machine is no fault of what is tested.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
