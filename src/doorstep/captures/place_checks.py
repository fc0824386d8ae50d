"""Is the phone at the right house? It compares by itself and says yes, no or unknown.

Nothing is refused for any answer: it is for the organization to read.
"""

from doorstep.captures import place_check_queries
from doorstep.captures.sessions import CaptureSession, lock_open
from doorstep.orgs.model import OrgScope


async def note(
    scope: OrgScope, session: CaptureSession, *, answer: str, metres: int | None
) -> None:
    """Keep what the phone found last; Conflict when the capture is over."""
    await lock_open(scope, session)
    await place_check_queries.put(
        scope,
        session_id=session.id,
        capture_request_id=session.capture_request_id,
        answer=answer,
        metres=metres,
    )
