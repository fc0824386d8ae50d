"""Every page of the desk on a phone and on a wide screen, in light and dark: fits, reads, allows."""

import asyncio
import json
import uuid
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page

from doorstep.auth import members
from doorstep.auth.scopes import open_scope
from doorstep.captures.model import SPOTS, CaptureRequest
from doorstep.jobs import actions as jobs
from doorstep.jobs import notes, partner_links, shares
from doorstep.jobs.model import JobState
from doorstep.kit.outbound import Egress
from doorstep.leads import calls, refused_calls, vendor_pages
from doorstep.orgs import wallets
from doorstep.orgs.money import Kind
from doorstep.photos import measures
from doorstep.photos import queries as photos
from doorstep.webhooks import actions as webhooks
from doorstep.webhooks import postbacks
from tests.browser.conftest import Snap
from tests.browser.live import Live
from tests.capturing import Phone, ask, path_of, photo
from tests.cast import STAGE
from tests.faults.posting import encoded, send
from tests.web.conftest import post_lead
from tests.web.test_calls import PATH as CALLS
from tests.web.test_calls import post_call
from tests.web.test_job import bring_to, put_build
from tests.web.test_measurements import DONE, METRIC, put_record

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [
    pytest.param((390, 844), "dark", id="phone-dark"),
    pytest.param((1280, 800), "light", id="wide-light"),
    pytest.param((390, 844), "light", id="phone-light"),
    pytest.param((1280, 800), "dark", id="wide-dark"),
]
FAILURE = {"code": "x", "homeowner": "h", "organization": "Only 3 of 9 photos hang together."}
PROOF = {
    "First": "Oscar",
    "ID": "BL-8",
    "xxTrustedFormCertUrl": "https://cert.trustedform.com/0123456789abcdef0123456789abcdef01234567",
    "universal_leadid": "5D5B3A2C-91D4-4E7F-A0B1-C2D3E4F50617",
    "tcpa_text": "By pressing Send I agree to be called and texted, also by machines.",
    "consent_timestamp": "2026-03-05T10:00:00Z",
    "ip_address": "192.0.2.9",
}
JOB_TABS = ("", "/photos", "/measurements", "/files", "/timeline", "/deliveries", "/sharing")
POLICY = "Security Policy"
TOUCH_PIXELS_MIN = 24
API_PAGES = {
    "organization": "/settings/organization",
    "readiness": "/settings/readiness",
    "retention": "/settings/retention",
    "integrations": "/integrations",
    "reference": "/reference",
    "chapter": "/reference/capture-requests",
    "messages": "/settings/messages",
    "words": "/settings/messages/invitation/en",
    "rules": "/settings/rules",
}


async def pages_of(live: Live) -> dict[str, str]:
    """Something in every place; name and path of each page."""
    alice = live.cast.alice
    async with httpx.AsyncClient(base_url=live.trusted) as vendor:
        lead_id = await post_lead(vendor, alice)
        proven = await post_lead(vendor, alice, **PROOF)
        await post_lead(vendor, alice, First="Annyong", Email="", Primary="", ID="BL-9")
        await send(vendor, encoded(alice, Last="", Type=str(alice.referrer)))
    await fill_wallet(live)
    waiting = await ask(live.db, alice)
    building = await ask(live.db, alice, email="buster@example.com")
    failed = await ask(live.db, alice, email="michael@example.com")
    async with open_scope(live.db, org_id=alice.org_id, actor=STAGE) as scope:
        for one in (building, failed):
            await jobs.move(scope, job_id=one.job_id, to=JobState.PROCESSING_UPLOAD)
        await jobs.move(scope, job_id=failed.job_id, to=JobState.FAILED, failure=FAILURE)
        message_id = await scope.tx.fetchval(
            "SELECT id FROM messages WHERE org_id = $1 AND channel = 'email' ORDER BY id LIMIT 1",
            scope.org_id,
        )
        source_id = await scope.tx.fetchval(
            "SELECT id FROM sources WHERE org_id = $1", scope.org_id
        )
        post_id = await scope.tx.fetchval(
            "SELECT id FROM lead_posts WHERE org_id = $1 AND outcome = 'missing_last'",
            scope.org_id,
        )
    measured = await measured_job(live)
    return {
        "sign-in": "/sign-in",
        "inbox": "/inbox",
        "found": "/inbox?q=lucille&tag=test&show=waiting",
        "lead": f"/leads/{lead_id}#consent",
        "proven": f"/leads/{proven}#consent",
        "duplicates": f"/leads/{lead_id}/duplicates/{proven}",
        "posts": "/posts",
        "post": f"/posts/{post_id}",
        **await call_pages(live, lead_id),
        "jobs": "/jobs",
        "none": "/jobs?shelf=ready",
        "table": "/jobs?look=table",
        "list": "/jobs?look=list&sort=changed",
        "ask": "/jobs/new",
        "waiting": f"/jobs/{waiting.job_id}",
        "lengths": await lengths_page(live, waiting),
        "building": f"/jobs/{building.job_id}",
        "failed": f"/jobs/{failed.job_id}",
        "outbox": "/outbox",
        "message": f"/outbox/{message_id}",
        "webhooks": "/webhooks",
        "vendors": "/sources",
        "vendor": f"/sources/{source_id}",
        **await vendor_pages_of(live, source_id, post_id=post_id),
        "quality": "/sources/quality",
        "settings": "/settings",
        **API_PAGES,
        **await decided_job(live),
        **await job_pages(live, measured),
        "nowhere": "/nowhere",
    }


async def job_pages(live: Live, job_id: int) -> dict[str, str]:
    """Every tab, and what a partner sees, with everything that may be chosen."""
    await put_photos(live, job_id)
    await put_deliveries(live, job_id)
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        link = await partner_links.make(
            scope,
            job_id=job_id,
            recipient="Acme Insurance",
            note="Hail of May 3. The roof on the left has the most.",
            # The viewer's own inline styles, refused as they should be, are tried elsewhere.
            shows=[part for part in partner_links.SHOWS if part != partner_links.MODEL],
            days=30,
        )
    return {
        **{f"job{tab.replace('/', '-')}": f"/jobs/{job_id}{tab}" for tab in JOB_TABS},
        "partner": partner_links.link_for(live.services.signer, "", link=link),
        "partner-nothing": f"/partner/{'0' * 34}",
    }


async def put_deliveries(live: Live, job_id: int) -> None:
    """A delivery that was taken and one that was not."""
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        told = await webhooks.register(
            scope, url="https://93.184.216.34/hooks/doorstep", egress=Egress()
        )
        # Switched off, so that no test asks anything of that address.
        await scope.tx.execute(
            "UPDATE webhook_endpoints SET disabled_at = now() WHERE org_id = $1 AND id = $2",
            scope.org_id,
            told.id,
        )
        for state, problem, status, answer in (
            ("delivered", None, 204, ""),
            ("failed", "http_500", 500, "Something went wrong. We have been told."),
        ):
            await scope.tx.execute(
                "WITH made AS (INSERT INTO webhook_deliveries (org_id, id, endpoint_id, event_id, "
                "event_name, body, state, attempts, problem) SELECT $1, gen_random_uuid(), $2, id, "
                "name, '{}', $4, 1, $5 FROM events WHERE org_id = $1 AND job_id = $3 AND id NOT IN "
                "(SELECT event_id FROM webhook_deliveries) ORDER BY id DESC LIMIT 1 RETURNING id) "
                "INSERT INTO webhook_attempts (org_id, delivery_id, number, request_headers, "
                "status, answer, problem, milliseconds) SELECT $1, id, 1, '{}', $6, $7, $5, 21 "
                "FROM made",
                scope.org_id,
                told.id,
                job_id,
                state,
                problem,
                status,
                answer,
            )


async def put_photos(live: Live, job_id: int) -> None:
    """Photos round the house, a blurred one, one that is of no use, and two of the garage."""
    taken: list[tuple[str | None, str, str, list[str]]] = [
        (spot, "house", "ready", []) for spot in SPOTS if spot != "left"
    ]
    taken += [("front", "house", "ready", ["blurred", "dark"]), (None, "house", "rejected", [])]
    taken += [("front", "garage", "ready", []), ("right", "garage", "ready", [])]
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        request_id = await scope.tx.fetchval(
            "SELECT id FROM capture_requests WHERE org_id = $1 AND job_id = $2",
            scope.org_id,
            job_id,
        )
        for number, (spot, structure, state, hints) in enumerate(taken):
            await live.services.storage.put(f"shot-{number}", photo(number + 1))
            await scope.tx.execute(
                "INSERT INTO photos (org_id, id, job_id, capture_request_id, kind, spot, structure,"
                " sequence, sha256, bytes, media_type, original_key, state, problem, hints, width,"
                " height, display_key, thumbnail_key) VALUES ($1, gen_random_uuid(), $2, $3,"
                " 'photo', $4, $5, $6, $7, 9, 'image/jpeg', 'o', $8, $9, $10, 640, 480, $11, $12)",
                scope.org_id,
                job_id,
                request_id,
                spot,
                structure,
                number,
                bytes([number]) * 32,
                state,
                "blank" if state == "rejected" else None,
                hints,
                f"shot-{number}",
                None if state == "rejected" else f"shot-{number}",
            )


async def vendor_pages_of(
    live: Live, source_id: uuid.UUID, *, post_id: uuid.UUID
) -> dict[str, str]:
    """What the vendor sees, with everything that may be on it."""
    alice = live.cast.alice
    async with open_scope(live.db, org_id=alice.org_id, actor=STAGE) as scope:
        await vendor_pages.make_link(scope, source_id=source_id)
        await vendor_pages.choose(
            scope, source_id=source_id, shows_status=True, hidden_case_types=()
        )
        found = await vendor_pages.find(scope, source_id=source_id)
        await postbacks.save(
            scope,
            source_id=source_id,
            url="https://93.184.216.34/postback",
            events=("signed", "rejected"),
            template='{"lead": "{{ID}}", "state": "{{status}}"}',
            egress=Egress(),
        )
    assert found.name is not None
    link = vendor_pages.link_for(live.services.signer, "", source_id=source_id, name=found.name)
    return {
        "postbacks": f"/sources/{source_id}/postbacks",
        "theirs": link,
        "theirs-try": f"{link}/try",
        "theirs-posts": f"{link}/posts",
        "theirs-post": f"{link}/posts/{post_id}",
        "theirs-leads": f"{link}/leads",
    }


async def lengths_page(live: Live, request: CaptureRequest) -> str:
    """The job of this request with two photos, and one length that the homeowner typed."""
    alice = live.cast.alice
    async with httpx.AsyncClient(base_url=live.trusted) as client:
        phone = Phone(client, path_of(live.services, request))
        await phone.start()
        for seed in (1, 2):
            await phone.upload(photo(seed), kind="photo")
    async with open_scope(live.db, org_id=alice.org_id, actor=STAGE) as scope:
        await measures.add(scope, job_id=request.job_id, kind="front_door", metres=0.914, ends=[])
    async with asyncio.timeout(20):
        while True:
            async with open_scope(live.db, org_id=alice.org_id, actor=STAGE) as scope:
                if not await photos.count_unchecked(scope, job_id=request.job_id):
                    return f"/jobs/{request.job_id}/lengths"
            await asyncio.sleep(0.1)


async def call_pages(live: Live, lead_id: uuid.UUID) -> dict[str, str]:
    """Calls with a lead, without one, with a wrong one and refused ones."""
    alice = live.cast.alice
    async with httpx.AsyncClient(base_url=live.trusted) as vendor:
        await post_call(vendor, alice, ANI="3125550000", Name="Radio spot, afternoon drive")
        await post_call(vendor, alice, minutes_ago=3, ID="T-7", String01="answered after 12 s")
        parted = await post_call(vendor, alice, minutes_ago=30, ID="T-8")
        await vendor.post(CALLS, json={"CaptorraId": alice.captorra_id, "name": "Radio"})
    async with open_scope(live.db, org_id=alice.org_id, actor=STAGE) as scope:
        await calls.part(scope, call_id=parted, lead_id=lead_id)
        (refused,) = await refused_calls.page(scope)
    return {
        "calls": "/calls",
        "unmatched": "/calls?show=unmatched",
        "call": f"/calls/{parted}",
        "refused-calls": "/calls/refused",
        "refused-call": f"/calls/refused/{refused.id}",
    }


async def fill_wallet(live: Live) -> None:
    """Something to spend, and something that costs."""
    alice = live.cast.alice
    async with open_scope(live.db, org_id=alice.org_id, actor=STAGE) as scope:
        await wallets.adjust(
            scope, wallet_id=alice.wallet_id, kind=Kind.ADDED, cents=250_000, note="Cheque 1187"
        )
        await wallets.set_price(scope, deliverable_id=3, cents=3500)


async def decided_job(live: Live) -> dict[str, str]:
    """A job that waits for approval, and the path of a link to its model; an invited member."""
    alice = live.cast.alice
    made = await ask(live.db, alice, email="maeby@example.com")
    async with open_scope(live.db, org_id=alice.org_id, actor=STAGE) as scope:
        for state in (JobState.PROCESSING_UPLOAD, JobState.WAITING_APPROVAL):
            await jobs.move(scope, job_id=made.job_id, to=state)
        shared = await shares.share(
            scope, live.services.signer, job_id=made.job_id, user_id=alice.admin_id
        )
        await members.invite(scope, email="tobias@example.com", name="Tobias", role="manager")
    token = shares.token_of(live.services.signer, shared.salt)
    return {
        "wallets": "/wallets",
        "audit": "/audit",
        "approval": f"/jobs/{made.job_id}",
        "shared": f"/shared/{token}",
    }


async def measured_job(live: Live) -> int:
    """A job with a model and its measurements."""
    made = await ask(live.db, live.cast.alice, email="lindsay@example.com")
    await bring_to(live.db, live.cast, job_id=made.job_id, states=DONE)
    build_id = await put_build(
        live.db, live.services, live.cast, job_id=made.job_id, state="complete"
    )
    await put_record(
        live.db,
        live.services,
        org_id=live.cast.alice.org_id,
        build_id=build_id,
        content=json.dumps(METRIC).encode(),
    )
    async with open_scope(live.db, org_id=live.cast.alice.org_id, actor=STAGE) as scope:
        await notes.add(
            scope, job_id=made.job_id, user_id=live.cast.alice.admin_id, text="Gate code 1234"
        )
        # The inline styles of the partner's viewer, refused as they should be, are tried elsewhere.
        await scope.tx.execute(
            "DELETE FROM build_files WHERE org_id = $1 AND name = 'model.glb'", scope.org_id
        )
    return made.job_id


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed in frontend/node_modules")
@pytest.mark.slow
@pytest.mark.parametrize(("size", "scheme"), LOOKS)
async def test_every_page_fits_and_is_accessible(
    live: Live, browser: Browser, snap: Snap, size: tuple[int, int], scheme: str
) -> None:
    paths = await pages_of(live)
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    secret = live.cast.alice.sessions["alice"]
    await context.add_cookies([{"name": "doorstep_session", "value": secret, "url": live.trusted}])
    page = await context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if POLICY in said.text else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    for name, path in paths.items():
        answer = await page.goto(live.trusted + path)
        if answer is not None and answer.status >= 500:
            faults.append(f"{name}: {answer.status}")
        faults += [f"{name}: {fault}" for fault in await faults_of(page)]
        await snap(page, f"desk-{name}-{size[0]}-{scheme}")
    await context.close()
    assert faults == []


async def faults_of(page: Page) -> list[str]:
    """What axe finds, what hangs over the edge, and what is too small for a finger."""
    await page.evaluate(AXE.read_text("utf-8"))
    found = await page.evaluate(
        """async () => {
            const told = await axe.run({ exclude: ["iframe"] });
            return told.violations.flatMap((v) =>
                v.nodes.map((n) => `${v.id} ${n.target} ${n.any[0]?.message ?? ""}`));
        }"""
    )
    over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if over > 0:
        found.append(f"hangs over by {over} pixels")
    small = await page.evaluate(
        """(least) => [...document.querySelectorAll("button, .button, input, select, .places a")]
            .filter((e) => e.offsetParent && e.type !== "hidden"
                && e.getBoundingClientRect().height < least)
            .map((e) => `${e.outerHTML.slice(0, 60)} is too small for a finger`)""",
        TOUCH_PIXELS_MIN,
    )
    return [*found, *small]
