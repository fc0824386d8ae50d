"""On the page of a job: approve it, decline it, share its model."""

import re

import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.jobs.model import JobState
from tests.cast import Cast
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
    assert (await bob.post(f"{path}/shares")).headers["location"] == f"{path}?said=shared"
    page = (await bob.get(path)).text
    link = re.search(r'value="http://127\.0\.0\.1:8000(/shared/[\w-]{20})"', page)
    end = re.search(rf'action="({path}/shares/\d+/end)"', page)
    assert link
    assert end
    assert (await bob.get(link[1])).status_code == 200
    assert (await bob.post(end[1])).headers["location"] == f"{path}?said=unshared"
    assert (await bob.get(link[1])).status_code == 410
    assert "/shared/" not in (await bob.get(path)).text


async def test_who_may_not_share(
    alice: Desk, amy: Desk, charlie: Desk, asked: CaptureRequest
) -> None:
    path = f"/jobs/{asked.job_id}"
    await alice.post(f"{path}/shares")
    end = re.search(rf'action="({path}/shares/\d+/end)"', (await alice.get(path)).text)
    assert end
    assert "/shared/" not in (await amy.get(path)).text
    for desk, status in ((amy, 403), (charlie, 404)):
        assert (await desk.post(f"{path}/shares")).status_code == status
        assert (await desk.post(end[1])).status_code == status
    assert "/shared/" in (await alice.get(path)).text
