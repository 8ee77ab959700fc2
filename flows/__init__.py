"""When: the only room that knows Prefect, the clock and the environment, and that binds connectors to the warehouse."""

import os

# The estimator's matrices are small. BLAS would share each among threads that wait for one another longer than they
# work: on a busy machine a fit took thirty times as long. Read once, when NumPy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
