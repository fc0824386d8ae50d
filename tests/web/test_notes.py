"""Notes on the page of a job."""

import re

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk


async def test_a_note_is_read_by_all_and_changed_by_its_author(
    db: PinnedDatabase, cast: Cast, alice: Desk, bob: Desk, amy: Desk, charlie: Desk,
    asked: CaptureRequest,
) -> None:  # fmt: skip
    path = f"/jobs/{asked.job_id}"
    made = await bob.post(f"{path}/notes", {"text": " Gate code <b>1234</b>\nRing twice "})
    assert made.headers["location"] == f"{path}/timeline?said=noted"
    text = (await bob.get(f"{path}/timeline")).text
    assert '<p class="text">Gate code &lt;b&gt;1234&lt;/b&gt;\nRing twice</p>' in text
    # Newest first: the note stands above the event that it came after.
    assert text.index("Ring twice</p>") < text.index("Photos were asked for")
    (own,) = re.findall(rf'action="({path}/notes/[0-9a-f-]+)"', text)
    for desk in (alice, amy):
        theirs = (await desk.get(f"{path}/timeline")).text
        assert "Ring twice</p>" in theirs
        assert f"{path}/notes/" not in theirs

    for desk, status in ((alice, 403), (amy, 403), (charlie, 404)):
        assert (await desk.post(own, {"text": "mine"})).status_code == status
        assert (await desk.post(f"{own}/end")).status_code == status
    assert (await charlie.post(f"{path}/notes", {"text": "x"})).status_code == 404
    elsewhere = own.replace(str(asked.job_id), "999999")
    assert (await bob.post(elsewhere, {"text": "x"})).status_code == 404

    await bob.post(own, {"text": "No dog"})
    changed = (await bob.get(f"{path}/timeline")).text
    assert '<p class="text">No dog</p>' in changed
    assert "changed " in changed
    assert (await bob.post(own, {"text": "  "})).status_code == 422
    assert (await amy.post(f"{path}/notes", {"text": "x" * 4001})).status_code == 422
    assert (await bob.post(f"{own}/end")).headers["location"] == f"{path}/timeline?said=unnoted"
    assert "No dog" not in (await bob.get(f"{path}/timeline")).text
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        assert await scope.tx.fetchval("SELECT count(*) FROM job_notes") == 0
        told = await scope.tx.fetch(
            "SELECT payload->>'verb' AS verb FROM events "
            "WHERE org_id = $1 AND name = 'job.noted' ORDER BY id",
            scope.org_id,
        )
    assert [row["verb"] for row in told] == ["added", "edited", "removed"]
