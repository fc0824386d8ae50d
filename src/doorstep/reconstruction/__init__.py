"""Photos of a house in a folder become a model, and later numbers.

An island: it knows no organization, no SQL and no HTTP, and imports nothing of ours. Callers
use `child.run_in_child` (or `child.command` and `child.outcome` around a process of their own);
inside that process `pipeline.run` does the work. Vision libraries load only there.
"""

from doorstep.reconstruction.failures import Failure, ReconstructionFailed
from doorstep.reconstruction.options import Options
from doorstep.reconstruction.reports import Report, StageReport

__all__ = ["Failure", "Options", "ReconstructionFailed", "Report", "StageReport"]
