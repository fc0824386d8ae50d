"""A program that connects to Doorstep and does what a CRM does, from the reference alone.

    DOORSTEP_URL=http://127.0.0.1:8000 DOORSTEP_INTEGRATION=sample-1:dst_cs_... python client.py

It needs Python 3.11 and httpx, and takes a folder of JPEG photos as its only argument.
"""

import base64
import hashlib
import hmac
import json
import os
import queue
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

URL = os.environ["DOORSTEP_URL"].rstrip("/")
CLIENT_ID, _, CLIENT_SECRET = os.environ["DOORSTEP_INTEGRATION"].partition(":")
HERE = "http://127.0.0.1:8970"
REDIRECT_URI = f"{HERE}/back"
HOOK = f"{HERE}/hooks?from=doorstep"
WAIT_SECONDS_MAX = 300
PHOTOS_MAX = 3

answers: queue.Queue[dict[str, list[str]]] = queue.Queue()
deliveries: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()


class Receiver(BaseHTTPRequestHandler):
    """Where the browser comes back to, and where webhooks arrive."""

    def do_GET(self) -> None:
        """The answer of the consent page."""
        answers.put(parse_qs(urlsplit(self.path).query))
        self._answer("Connected. You may close this window.")

    def do_POST(self) -> None:
        """An event: keep it and answer at once, work later."""
        body = self.rfile.read(int(self.headers["content-length"]))
        deliveries.put(({key.lower(): value for key, value in self.headers.items()}, body))
        self._answer("")

    def _answer(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing of every request."""


def main() -> None:
    """The whole story, once."""
    server = ThreadingHTTPServer(("127.0.0.1", 8970), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tokens = authorize()
    with httpx.Client(base_url=URL, timeout=60) as api:
        api.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        me = one(api.get("/api/v2/users", params={"admin": "true"}))["results"][0]
        say(f"acting as {me['email']}")
        webhook = register(api)
        made = ask_for_photos(api, me)
        capture(one(api.get(f"/api/v2/capture_requests/{made['id']}/details"))["branch_link"])
        job_id = made["pending_job_id"]
        heard(webhook, "capture-request-state-changed", job_id=job_id, state="complete")
        finish_a_test(api, me, webhook=webhook)
        withdraw(api, me)
        if webhook:
            expect(api.delete(f"/api/v2/webhooks/{webhook['id']}"), 204)
    revoke(tokens)
    say("done")


def authorize() -> dict[str, Any]:
    """Tokens, after an admin has said yes in the browser."""
    state = uuid.uuid4().hex
    asked = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT_URI}
    say(f"open {URL}/oauth/authorize?{urlencode(asked | {'state': state})}")
    told = answers.get(timeout=WAIT_SECONDS_MAX)
    assert told["state"] == [state], "an answer to somebody else's question"
    assert "code" in told, told
    (code,) = told["code"]
    tokens = trade(grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI)
    # As every two hours from now on; the old refresh token is used up by this.
    tokens = trade(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    say(f"connected to organization {tokens['owner_id']}")
    return tokens


def trade(**grant: str) -> dict[str, Any]:
    """The token endpoint."""
    body = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **grant}
    pair: dict[str, Any] = one(httpx.post(f"{URL}/oauth/token", json=body))
    return pair


def revoke(tokens: dict[str, Any]) -> None:
    """Leave nothing behind that opens anything."""
    body = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "token": tokens["refresh_token"],
    }
    expect(httpx.post(f"{URL}/oauth/revoke", json=body), 200)


def register(api: httpx.Client) -> dict[str, Any] | None:
    """A webhook of ours, verified; none where the server may not call this machine."""
    answer = api.post("/api/v2/webhooks", json={"webhook": {"url": HOOK, "content_type": "json"}})
    if answer.status_code == 422:
        say("no webhooks: start Doorstep with DOORSTEP_EGRESS_ALLOW=127.0.0.0/8 to try them")
        return None
    webhook: dict[str, Any] = expect(answer, 201).json()
    event = next_event(webhook)
    while event.get("event") != "webhook-verification-code":
        event = next_event(webhook)
    expect(httpx.put(f"{URL}/api/v2/webhooks/{event['code']}/verify"), 200)
    say(f"webhook {webhook['id']} is verified")
    return webhook


def ask_for_photos(api: httpx.Client, me: dict[str, Any], **job: Any) -> dict[str, Any]:
    """A capture request; the key makes a second try harmless."""
    body = {
        "current_user_email": me["email"],
        "capture_request": {
            "capturing_user_name": "Lucille Bluth",
            "capturing_user_email": "lucille@example.com",
            "job_attributes": {"name": "Beach house", "location_line_1": "1 Balboa Blvd"} | job,
        },
    }
    key = {"Idempotency-Key": str(uuid.uuid4())}
    made: dict[str, Any] = expect(
        api.post("/api/v2/capture_requests", json=body, headers=key), 201
    ).json()
    again = expect(api.post("/api/v2/capture_requests", json=body, headers=key), 201)
    assert again.json()["id"] == made["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    listed = one(api.get("/api/v2/capture_requests", params={"current_user_id": me["id"]}))
    assert made["id"] in [row["id"] for row in listed["requested_captures"]["results"]]
    say(f"asked for photos: request {made['id']}, job {made['pending_job_id']}")
    return made


def capture(link: str) -> None:
    """The homeowner's part: open the link, send the photos by tus, finish."""
    with httpx.Client(base_url=URL, timeout=60) as phone:
        expect(phone.post(urlsplit(link).path), 303)
        photos = [upload(phone, path) for path in sorted(folder().glob("*.jpg"))[:PHOTOS_MAX]]
        expect(phone.post("/capture/finish", json={"photos": photos}), 200)
        state = one(phone.get("/capture/state"))
        assert state["state"] == "complete", state
        say(f"{len(photos)} photos are in")


def upload(phone: httpx.Client, path: Path) -> dict[str, Any]:
    """One photo, checked on its way; its line of the manifest."""
    content = path.read_bytes()
    digest = hashlib.sha256(content)
    tus = {"Tus-Resumable": "1.0.0"}
    told = {"kind": "photo", "filename": path.name, "sha256": digest.hexdigest()}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())
    begin = {**tus, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    place = expect(phone.post("/capture/uploads", headers=begin), 201).headers["Location"]
    piece = {
        **tus,
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Upload-Checksum": f"sha256 {base64.b64encode(digest.digest()).decode()}",
    }
    sent = expect(phone.patch(place, content=content, headers=piece), 204)
    assert sent.headers["Upload-Offset"] == str(len(content))
    return {"sha256": digest.hexdigest(), "size": len(content), "name": path.name}


def finish_a_test(api: httpx.Client, me: dict[str, Any], *, webhook: dict[str, Any] | None) -> None:
    """A test job that ends by itself, with measurements of a sample house."""
    made = ask_for_photos(api, me, deliverable_id=3)
    number = made["pending_job_id"]
    body = {"state": "complete", "current_user_email": me["email"]}
    expect(api.patch(f"/api/v2/jobs/{number}/set_test_state.json", json=body), 200)
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while (job := one(api.get(f"/api/v3/jobs/{number}")))["reconstruction_state"] != "completed":
        assert time.monotonic() < deadline, job["reconstruction_state"]
        time.sleep(1)
    say(f"job {number} is completed")
    heard(webhook, "job-state-changed-v2", job_id=number, state="completed")
    measurements = expect(api.get(job["models"][0]["artifacts"]["measurements"]["json"]), 200)
    assert measurements.headers["Doorstep-Sample"] == "true"
    roof = measurements.json()["roof"]
    say(f"{roof['roof_facets']['total']} roof facets, {roof['pitch'][0]['roof_pitch']}")
    files = job["models"][0]["artifacts"]["measurements"]
    assert expect(api.get(files["pdf"]), 200).content.startswith(b"%PDF")
    assert expect(api.get(files["xlsx"]), 200).content.startswith(b"PK")
    picture = expect(api.get(job["models"][0]["images"][0]["url"]), 200)
    assert picture.headers["content-type"] == "image/jpeg"
    say("report, spreadsheet and photos are there")
    reassign(api, me, identifier=made["identifier"], job_id=number)


def reassign(api: httpx.Client, me: dict[str, Any], *, identifier: str, job_id: int) -> None:
    """Give the job to somebody else, by the name of its capture request."""
    everybody = one(api.get("/api/v2/users", params={"state": "activated"}))["results"]
    to = next((user for user in everybody if user["id"] != me["id"]), me)
    give = {"user_id": to["id"], "current_user_email": me["email"]}
    expect(api.post(f"/api/v2/jobs/{identifier}/reassign", json=give), 204)
    assert one(api.get(f"/api/v2/jobs/{job_id}"))["user_name"] == to["email"]
    say(f"job {job_id} is {to['email']}'s now")


def withdraw(api: httpx.Client, me: dict[str, Any]) -> None:
    """A request that is not wanted any more."""
    made = ask_for_photos(api, me)
    params = {"current_user_email": me["email"]}
    expect(api.delete(f"/api/v2/capture_requests/{made['id']}", params=params), 204)
    say(f"request {made['id']} is withdrawn")


def heard(webhook: dict[str, Any] | None, event: str, *, job_id: int, state: str) -> None:
    """Wait until the webhook has told this."""
    while webhook is not None:
        told = next_event(webhook)
        if (told.get("event"), told.get("job_id"), told.get("state")) == (event, job_id, state):
            say(f"heard {event} {state} of job {job_id}")
            return


def next_event(webhook: dict[str, Any]) -> dict[str, Any]:
    """The next delivery, its signature checked as Standard Webhooks says."""
    headers, body = deliveries.get(timeout=WAIT_SECONDS_MAX)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(webhook["hmac_secret"])
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert wanted in headers["webhook-signature"].split(), "a signature that is not ours"
    event: dict[str, Any] = json.loads(body)
    return event


def folder() -> Path:
    """The photos: the folder named, or pictures that come with Doorstep."""
    named = sys.argv[1:]
    return Path(named[0]) if named else Path(__file__).parents[2] / "docs" / "pictures"


def one(answer: httpx.Response) -> Any:
    """What a read gave."""
    return expect(answer, 200).json()


def expect(answer: httpx.Response, status: int) -> httpx.Response:
    """The answer, if it has this status."""
    assert answer.status_code == status, f"{answer.request.url}: {answer.status_code} {answer.text}"
    return answer


def say(text: str) -> None:
    """One line of what happens."""
    print(text, flush=True)


main()
