"""`doorstep sheet`: the printable sheet of markers that gives a house its scale."""

import sys
from pathlib import Path
from typing import Literal

from doorstep.builds import measuring


def sheet(*, out: Path, paper: Literal["a4", "letter"] = "letter") -> None:
    """Write the sheet of markers as a PDF to print at 100 % and hang at the house.

    Parameters
    ----------
    out
        The PDF file to write.
    paper
        Size of the paper.
    """
    measuring.write_sheet(out, paper=paper)
    sys.stdout.write(f"{out}: print page 1 at 100 % and check its bar with a ruler.\n")
