"""Tests, one folder a slice."""

import os

# As the engine's own processes have it: on cores that are all at work a second thread of the
# linear algebra spins more than it computes. It is read when numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
