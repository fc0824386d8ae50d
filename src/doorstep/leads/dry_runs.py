"""What a door would do with a post of one source, and nothing of it written."""

import uuid

from doorstep.leads import queries, vendor_post_queries
from doorstep.leads.model import Entry, Origin, Rules, Written
from doorstep.orgs.model import OrgScope


class OpenGate:
    """Lets every post through: how often somebody tries is counted elsewhere."""

    def admit(self, origin: Origin) -> None:
        """See Gate."""

    def admit_stranger(self, origin: Origin, *, peer: str, captorra_id: str) -> None:
        """See Gate."""


class OneSource:
    """Where only one source is known: another's Referrer reads as one that does not exist."""

    def __init__(self, scope: OrgScope, *, source_id: uuid.UUID) -> None:
        """`entry` is the last that was to be written, `repeated` whether it was there before."""
        self._scope = scope
        self._source_id = source_id
        self.throttle = OpenGate()
        self.entry: Entry | None = None
        self.repeated = False

    async def origin(
        self, *, captorra_id: str, referrer: uuid.UUID | None, case_type: uuid.UUID | None
    ) -> Origin:
        """See Taker."""
        found = await queries.find_origin(
            self._scope.tx, captorra_id=captorra_id, referrer=referrer, case_type=case_type
        )
        if found.org_id == self._scope.org_id and found.source_id == self._source_id:
            return found
        return Origin(
            org_id=self._scope.org_id,
            source_id=None,
            case_type_id=None,
            in_use=False,
            known=False,
            rules=Rules(),
        )


class DryRun(OneSource):
    """Takes posts as the intake does, in a transaction in which nothing can be written."""

    async def write(self, entry: Entry) -> Written:
        """See Taker; a repeat is answered with the lead that there is."""
        self.entry = entry
        if entry.lead is None:
            return Written(lead_id=None, repeated=False)
        held = await vendor_post_queries.find_held(
            self._scope, source_id=self._source_id, key=entry.lead.key
        )
        self.repeated = held is not None
        return Written(lead_id=held or entry.lead.id, repeated=self.repeated)


async def begin(scope: OrgScope, *, source_id: uuid.UUID) -> DryRun:
    """A dry run; from now on the database itself refuses writes in this transaction."""
    await scope.tx.execute("SET TRANSACTION READ ONLY")
    return DryRun(scope, source_id=source_id)
