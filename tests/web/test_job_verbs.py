"""On the page of a job: approve it, decline it, share its model, give it away, order more."""

import re

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.captures.model import CaptureRequest
from doorstep.jobs.model import JobState
from doorstep.orgs import wallets
from doorstep.orgs.money import Kind
from tests.cast import STAGE, Cast
from tests.pinned import PinnedDatabase
from tests.web.conftest import Desk
from tests.web.test_job import bring_to

WAITING = [JobState.PROCESSING_UPLOAD, JobState.WAITING_APPROVAL]


@pytest.mark.parametrize(
    ("verb", "said", "words"),
    [
        ("approval", "approved", "Approved. The model is built next."),
        ("refusal", "declined", "Declined. Nothing is built and nothing is charged"),
    ],
)
async def test_an_approver_decides(
    amy: Desk, cast: Cast, db: PinnedDatabase, asked: CaptureRequest, verb: str, said: str,
    words: str,
) -> None:  # fmt: skip
    await bring_to(db, cast, job_id=asked.job_id, states=WAITING)
    page = (await amy.get(f"/jobs/{asked.job_id}")).text
    assert "Waiting for approval" in page
    assert f'action="/jobs/{asked.job_id}/{verb}"' in page
    answer = await amy.post(f"/jobs/{asked.job_id}/{verb}")
    assert answer.headers["location"] == f"/jobs/{asked.job_id}?said={said}"
    assert words in (await amy.get(answer.headers["location"])).text
    assert (await amy.post(f"/jobs/{asked.job_id}/{verb}")).status_code == 409


async def test_who_may_not_decide(
    bob: Desk, charlie: Desk, cast: Cast, db: PinnedDatabase, asked: CaptureRequest
) -> None:
    await bring_to(db, cast, job_id=asked.job_id, states=WAITING)
    assert "Approve</button>" not in (await bob.get(f"/jobs/{asked.job_id}")).text
    for verb in ("approval", "refusal"):
        assert (await bob.post(f"/jobs/{asked.job_id}/{verb}")).status_code == 403
        assert (await charlie.post(f"/jobs/{asked.job_id}/{verb}")).status_code == 404


async def test_a_link_is_made_and_ended(bob: Desk, asked: CaptureRequest) -> None:
    path = f"/jobs/{asked.job_id}"
    assert (await bob.post(f"{path}/shares")).headers["location"] == f"{path}/sharing?said=shared"
    page = (await bob.get(f"{path}/sharing")).text
    link = re.search(r'value="http://127\.0\.0\.1:8000(/shared/[\w-]{20})"', page)
    end = re.search(rf'action="({path}/shares/\d+/end)"', page)
    assert link
    assert end
    assert (await bob.get(link[1])).status_code == 200
    assert (await bob.post(end[1])).headers["location"] == f"{path}/sharing?said=unshared"
    assert (await bob.get(link[1])).status_code == 410
    assert "/shared/" not in (await bob.get(f"{path}/sharing")).text


async def test_who_may_not_share(
    alice: Desk, amy: Desk, charlie: Desk, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}"
    await alice.post(f"{path}/shares")
    end = re.search(rf'action="({path}/shares/\d+/end)"', (await alice.get(f"{path}/sharing")).text)
    assert end
    assert (await amy.get(f"{path}/sharing")).status_code == 403
    assert f'href="{path}/sharing"' not in (await amy.get(path)).text
    for desk, status in ((amy, 403), (charlie, 404)):
        assert (await desk.post(f"{path}/shares")).status_code == status
        assert (await desk.post(end[1])).status_code == status
    assert "/shared/" in (await alice.get(f"{path}/sharing")).text


async def test_a_job_is_given_away_archived_and_put_back(
    alice: Desk, bob: Desk, amy: Desk, charlie: Desk, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}"
    page = (await bob.get(path)).text
    bobs = re.search(r'<option value="(\d+)">Bob</option>', page)
    assert bobs
    for desk, status in ((amy, 403), (charlie, 404)):
        assert (await desk.post(f"{path}/owner", {"user": bobs[1]})).status_code == status
        assert (await desk.post(f"{path}/archive")).status_code == status
        assert (await desk.post(f"{path}/archive/end")).status_code == status
    assert (await bob.post(f"{path}/owner", {"user": "999999"})).status_code == 422
    given = await bob.post(f"{path}/owner", {"user": bobs[1]})
    assert "The job belongs to Bob." in (await bob.get(given.headers["location"])).text
    archived = await bob.post(f"{path}/archive")
    assert "Archived: the job is in no list" in (await bob.get(archived.headers["location"])).text
    assert f'"{path}"' not in (await alice.get("/jobs")).text
    assert f'"{path}"' in (await alice.get("/jobs?shelf=archived")).text
    back = await bob.post(f"{path}/archive/end")
    assert back.headers["location"] == f"{path}?said=unarchived"
    text = (await alice.get(f"{path}/timeline")).text
    assert "The job was given to another member" in text
    assert f'"{path}"' in (await alice.get("/jobs")).text


async def test_an_admin_orders_a_model_of_photos_alone(
    alice: Desk, bob: Desk, charlie: Desk, cast: Cast, db: PinnedDatabase, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}"
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        await scope.tx.execute(
            "UPDATE jobs SET deliverable_id = 7 WHERE org_id = $1 AND id = $2",
            scope.org_id,
            asked.job_id,
        )
        await wallets.set_price(scope, deliverable_id=3, cents=3500)
        await wallets.adjust(
            scope, wallet_id=cast.alice.wallet_id, kind=Kind.ADDED, cents=5000, note="Cheque"
        )
        await scope.tx.execute(
            "UPDATE jobs SET wallet_id = $3 WHERE org_id = $1 AND id = $2",
            scope.org_id,
            asked.job_id,
            cast.alice.wallet_id,
        )
    assert f'action="{path}/order"' not in (await alice.get(path)).text
    done = [JobState.PROCESSING_UPLOAD, JobState.WORKING, JobState.COMPLETE]
    await bring_to(db, cast, job_id=asked.job_id, states=done)
    page = (await alice.get(path)).text
    assert '<option value="3">Complete, 35.00</option><option value="2">Roof only</option>' in page
    assert f'action="{path}/order"' not in (await bob.get(path)).text
    for desk, status in ((bob, 403), (charlie, 404)):
        assert (await desk.post(f"{path}/order", {"deliverable": "3"})).status_code == status
    assert (await alice.post(f"{path}/order", {"deliverable": "8"})).status_code == 422
    ordered = await alice.post(f"{path}/order", {"deliverable": "3"})
    assert ordered.headers["location"] == f"{path}?said=ordered"
    async with open_scope(db, org_id=cast.alice.org_id, actor=STAGE) as scope:
        row = await scope.tx.fetchrow(
            "SELECT state, deliverable_id, shelf FROM jobs WHERE org_id = $1 AND id = $2",
            scope.org_id,
            asked.job_id,
        )
    assert row is not None
    assert tuple(row) == ("processing_upload", 3, "checking")
    assert (await alice.post(f"{path}/order", {"deliverable": "3"})).status_code == 422
