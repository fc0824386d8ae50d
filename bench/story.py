"""Seconds from a posted lead to a complete model, by step, on sample photos.

    python bench/story.py [--photos 36] [--preset fast|normal]

Starts a Doorstep of its own, plays vendor, organization and phone over HTTP, and prints
how long each step took and what the engine says of its stages.
"""

import argparse
import base64
import hashlib
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.cli.running import Running, up
from tests.houses.album import Order, write_album

BUILD_SECONDS_MAX = 3600
POLL_SECONDS = 0.25
SEE_OTHER = 303
TUS = {"tus-resumable": "1.0.0"}


@dataclass
class Watch:
    """Names and seconds of the steps so far."""

    began: float = field(default_factory=time.monotonic)
    steps: list[tuple[str, float]] = field(default_factory=list)

    def lap(self, name: str) -> None:
        """The step that ends now."""
        now = time.monotonic()
        self.steps.append((name, now - self.began))
        self.began = now


def main() -> None:
    """Play the story once and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=36)
    parser.add_argument("--preset", choices=("fast", "normal"), default="fast")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as name:
        folder = Path(name)
        photos = write_album(folder / "house", Order(photos=asked.photos))
        with up(folder / "data", extra={"DOORSTEP_BUILD_PRESET": asked.preset}) as running:
            watch, report = play(running, photos)
    show(watch, report)


def play(running: Running, photos: list[Path]) -> tuple[Watch, dict[str, Any]]:
    """(seconds by step, the engine's report)."""
    org = running.facts["organizations"][0]
    bearer = {"authorization": f"Bearer {org['access_token']}"}
    phone = httpx.Client(base_url=running.facts["base_url"], timeout=60)
    watch = Watch()
    post_lead(phone, org)
    watch.lap("lead posted and committed")
    asked = {
        "current_user_id": org["users"][0]["id"],
        "capture_request": {
            "capturing_user_name": "Lucille Bluth",
            "capturing_user_email": "lucille@example.com",
            "job_attributes": {"location_line_1": "123 Hover Way"},
        },
    }
    made = phone.post("/api/v2/capture_requests", json=asked, headers=bearer).json()
    details = phone.get(f"/api/v2/capture_requests/{made['id']}/details", headers=bearer).json()
    watch.lap("photos asked for")
    assert phone.post(details["branch_link"]).status_code == SEE_OTHER
    manifest = [upload(phone, photo, number=number) for number, photo in enumerate(photos)]
    watch.lap(f"{len(photos)} photos sent")
    phone.post("/capture/finish", json={"photos": manifest, "skipped_spots": {}}).raise_for_status()
    watch.lap("capture finished")
    wait_for(phone, "working", "complete")
    watch.lap("photos checked")
    wait_for(phone, "complete")
    watch.lap("model built")
    return watch, sign_in(running).get(f"/jobs/{made['pending_job_id']}/files/report.json").json()


def post_lead(client: httpx.Client, org: dict[str, Any]) -> None:
    """As the sample's vendor does."""
    lead = {
        "CaptorraId": org["captorra_id"],
        "Referrer": org["referrer"],
        "First": "Lucille",
        "Last": "Bluth",
    }
    assert client.post("/api/captorraapi/create", json=lead).json()["success"] is True


def upload(phone: httpx.Client, photo: Path, *, number: int) -> dict[str, Any]:
    """Send one photo by tus; its line in the manifest."""
    content = photo.read_bytes()
    digest = hashlib.sha256(content)
    told = {"filename": photo.name, "kind": "photo", "sequence": str(number)}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())
    made = phone.post(
        "/capture/uploads",
        headers=TUS | {"upload-length": str(len(content)), "upload-metadata": metadata},
    )
    made.raise_for_status()
    phone.patch(
        made.headers["location"],
        content=content,
        headers=TUS
        | {
            "upload-offset": "0",
            "content-type": "application/offset+octet-stream",
            "upload-checksum": "sha256 " + base64.b64encode(digest.digest()).decode(),
        },
    ).raise_for_status()
    return {"name": photo.name, "size": len(content), "sha256": digest.hexdigest(), "spot": None}


def wait_for(phone: httpx.Client, *states: str) -> None:
    """Until the job is in one of these states; SystemExit when it failed."""
    deadline = time.monotonic() + BUILD_SECONDS_MAX
    while time.monotonic() < deadline:
        state = phone.get("/capture/state").json()["job_state"]
        if state in states:
            return
        if state == "failed":
            raise SystemExit("the build failed")
        time.sleep(POLL_SECONDS)
    raise SystemExit("the build took too long")


def sign_in(running: Running) -> httpx.Client:
    """A member's browser."""
    client = httpx.Client(base_url=running.facts["base_url"], timeout=60, follow_redirects=True)
    client.post(running.facts["admin_link"])
    return client


def show(watch: Watch, report: dict[str, Any]) -> None:
    """The table."""
    print(f"{'step':32} {'seconds':>9}")
    for name, seconds in watch.steps:
        print(f"{name:32} {seconds:9.2f}")
    print(f"{'from lead to model':32} {sum(seconds for _, seconds in watch.steps):9.2f}\n")
    print(f"{'stage of the engine':32} {'wall s':>9} {'CPU s':>9} {'peak MB':>9}")
    for stage in report["stages"]:
        print(
            f"{stage['stage']:32} {stage['seconds_wall']:9.2f} {stage['seconds_cpu']:9.2f} "
            f"{stage['memory_peak_mb']:9.0f}"
        )


if __name__ == "__main__":
    main()
