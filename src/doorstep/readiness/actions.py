"""Look at one organization's installation, from the desk."""

from collections.abc import Sequence
from dataclasses import dataclass

from doorstep.orgs.model import OrgScope, Right
from doorstep.readiness.checks import Facts, judge
from doorstep.readiness.gathering import rows_of
from doorstep.readiness.keeping import Keeper
from doorstep.readiness.model import Finding, Level, worst


@dataclass(frozen=True, kw_only=True)
class Report:
    """Every finding in order; `looking` while some are still being looked at."""

    findings: Sequence[Finding]
    worst: Level
    looking: bool


async def look(scope: OrgScope, keeper: Keeper, *, again: bool = False) -> Report:
    """What is known by now: the database's part at once, the rest as it comes.

    `again` asks outside once more, unless that was done a moment ago.
    """
    scope.require(Right.ADMINISTER)
    rows = await rows_of(scope)
    outside = keeper.look(scope.org_id, urls=rows.urls, again=again)
    findings = judge(Facts(rows=rows, outside=outside), before_start=False)
    return Report(findings=findings, worst=worst(findings), looking=outside is None)
