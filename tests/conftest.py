"""What holds for every test."""

import os

from hypothesis import settings

# A slow or busy machine is no fault of what is tested; and the same commit passes or fails twice alike.
settings.register_profile("steady", deadline=None, derandomize=True)
# To look for more: HYPOTHESIS_PROFILE=searching make test
settings.register_profile("searching", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
