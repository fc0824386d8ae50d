"""Photos of a house in a folder become a model, and later numbers.

An island: it knows no organization, no SQL and no HTTP, and imports nothing of ours.
"""

from doorstep.reconstruction.failures import Failure, ReconstructionFailed
from doorstep.reconstruction.options import Options
from doorstep.reconstruction.pipeline import run
from doorstep.reconstruction.reports import Report, StageReport

__all__ = ["Failure", "Options", "ReconstructionFailed", "Report", "StageReport", "run"]
