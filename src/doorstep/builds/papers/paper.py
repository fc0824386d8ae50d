"""What a report is made of. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from doorstep.builds.measured.record import Record
from doorstep.builds.measured.scale import Witness


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A measured house and whose it is; pictures are JPEGs that we made."""

    record: Record
    job_id: int
    name: str
    address: str
    external_identifier: str
    organization: str
    measured_at: datetime | None
    model_url: str
    witnesses: Sequence[Witness] = ()
    preview: bytes | None = None
    photos: Sequence[bytes] = ()

    @property
    def title(self) -> str:
        """What the cover says first."""
        return self.address.partition(", ")[0] or self.name
