"""When: the only room that knows Prefect, the clock and the environment, and that binds connectors to the warehouse."""

import os

# One thread of linear algebra a process: our matrices are small, and worker processes share the cores already.
# OpenBLAS reads this when numpy is first imported, so it stands before every other import.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
