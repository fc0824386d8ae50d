"""What the checks share: which files there are, and which findings a comment allows."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "doorstep"
TESTS = ROOT / "tests"

_allowed = re.compile(r"(?:#|//|--|/\*)\s*allow:\s*(?P<rule>[\w-]+)\s+(?P<why>\S.*)")


@dataclass(frozen=True)
class Finding:
    """A rule that a line breaks."""

    path: Path
    line: int
    rule: str
    text: str
    until: int = 0
    """The last line where an allowing comment may stand, when that is not `line`."""


def files(*patterns: str) -> Iterator[Path]:
    """Files under the root that git knows or would take, by these patterns."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in sorted(set(listed.stdout.splitlines())):
        if (ROOT / name).is_file():
            yield ROOT / name


def report(findings: Iterable[Finding]) -> int:
    """Print what no comment `# allow: RULE WHY` allows; the exit status."""
    left = [finding for finding in findings if not is_allowed(finding)]
    for finding in left:
        place = f"{finding.path.relative_to(ROOT)}:{finding.line}"
        sys.stdout.write(f"{place}: {finding.rule}: {finding.text}\n")
    return 1 if left else 0


def is_allowed(finding: Finding) -> bool:
    """Whether the finding's lines, or the one above, carry a comment that allows it."""
    lines = finding.path.read_text("utf-8").splitlines()
    first = max(finding.line - 2, 0)
    for line in lines[first : max(finding.until, finding.line)]:
        match = _allowed.search(line)
        if match and match["rule"] == finding.rule:
            return True
    return False
