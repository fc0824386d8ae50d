"""The published capture-request API as vectors: calls and what must come back, for any server.

Each names its evidence as the reference of the wire does: D for documented, D-old for an older
page of it, C for what clients were seen to rely on.
"""

from doorstep.wire.hover.conformance import (
    access,
    deliverables,
    files,
    job_calls,
    links,
    making,
    organization,
    outcomes,
    reading,
    webhook_calls,
)
from doorstep.wire.hover.conformance.trial import Vector

VECTORS: list[Vector] = [
    *access.VECTORS,
    *making.VECTORS,
    *reading.VECTORS,
    *links.VECTORS,
    *job_calls.VECTORS,
    *deliverables.VECTORS,
    *webhook_calls.VECTORS,
    *organization.VECTORS,
    *outcomes.VECTORS,
    *files.VECTORS,
]
"""In the order in which they run: later ones look at what earlier ones made."""
