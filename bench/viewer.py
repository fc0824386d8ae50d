"""What the desk's viewer costs a browser: script, draw calls, triangles and milliseconds a picture.

A running product with one job whose files come from a folder that the engine left (`--workspace`,
as `doorstep measure` makes it), or from a plain house of six faces; headless Chromium with software
graphics turns the house round by keys. The milliseconds are those of our own drawing code on the
page's thread; what the graphics card then does is not in them. `frames a second` is what software
graphics gives and says little of a real card.
Run it from the checkout: PYTHONPATH=src:. .venv/bin/python bench/viewer.py [--workspace DIR] [--pictures N]
"""

import argparse
import asyncio
import gzip
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Response, async_playwright

from doorstep.kit import postgres
from doorstep.kit.settings import Settings
from tests.browser.conftest import launch
from tests.browser.live import Live, live_product
from tests.browser.test_desk import SOFTWARE_GL
from tests.conftest import running
from tests.houses import block
from tests.modelled import built_job

SIZE = {"width": 1280, "height": 800}
PUBLISHED = ("model.glb", "measurements.json", "evidence.json", "poses.json")
KEEP = """window.pictures = [];
    document.addEventListener("house:drawn", (event) =>
        window.pictures.push({ ...event.detail, at: performance.now() }));"""
TURN = """async (count) => {
    const view = document.querySelector(".viewer-view");
    window.pictures = [];
    while (window.pictures.length < count) {
        view.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
        await new Promise(requestAnimationFrame);
    }
    return window.pictures;
}"""


async def main(arguments: list[str]) -> None:
    """Start the product, open the page, turn the house, print."""
    asked = parsed(arguments)
    with tempfile.TemporaryDirectory() as folder:
        async with product(Path(folder)) as live, async_playwright() as playwright:
            files, taken = published(asked.workspace)
            request = await built_job(live, files=files, taken=taken)
            browser = await launch(playwright, *SOFTWARE_GL)
            context = await browser.new_context(viewport=SIZE, reduced_motion="reduce")  # type: ignore[arg-type]
            cookie = live.cast.alice.sessions["alice"]
            await context.add_cookies(
                [{"name": "doorstep_session", "value": cookie, "url": live.trusted}]
            )
            page = await context.new_page()
            await page.add_init_script(KEEP)
            scripts: dict[str, int] = {}
            page.on("response", lambda answer: asyncio.ensure_future(weigh(answer, scripts)))
            start = time.perf_counter()
            await page.goto(f"{live.trusted}/jobs/{request.job_id}")
            await page.locator(".viewer-stage").scroll_into_view_if_needed()
            await page.wait_for_selector(".viewer[data-state=ready]", timeout=60_000)
            say(
                "first picture", f"{time.perf_counter() - start:.1f} s after the page was asked for"
            )
            await tell(page, pictures=asked.pictures)
            for name, size in sorted(scripts.items()):
                say(name, f"{size / 1000:.0f} kB packed")
            say("model.glb", f"{len(files['model.glb']) / 1000:.0f} kB")
            await browser.close()


async def tell(page: Page, *, pictures: int) -> None:
    """Turn the house with and without labels."""
    for name in ("plain", "with lengths"):
        if name != "plain":
            await page.get_by_role("button", name="Lengths").click()
        drawn: list[dict[str, Any]] = await page.evaluate(TURN, pictures)
        millis = sorted(one["millis"] for one in drawn)
        span = drawn[-1]["at"] - drawn[0]["at"]
        say(
            name,
            f"{drawn[-1]['calls']} draw calls, {drawn[-1]['triangles']} triangles, "
            f"{statistics.median(millis):.1f} ms a picture (90 % below "
            f"{millis[int(len(millis) * 0.9)]:.1f}), {1000 * (len(drawn) - 1) / span:.0f} frames a second",
        )
    idle = await page.evaluate(
        "async () => { const frame = () => new Promise(requestAnimationFrame);"
        "await frame(); await frame(); const before = window.pictures.length;"
        "for (let n = 0; n < 60; n += 1) await frame();"
        "return window.pictures.length - before; }"
    )
    say("at rest", f"{idle} pictures in 60 frames")


def published(workspace: Path | None) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files and the photos of a house."""
    if workspace is None:
        return block.files(), block.photos()
    files = {
        name: (workspace / name).read_bytes() for name in PUBLISHED if (workspace / name).exists()
    }
    return files, {}


async def weigh(answer: Response, scripts: dict[str, int]) -> None:
    """Note a script's size as it travels."""
    if answer.url.partition("?")[0].endswith(".js"):
        name = answer.url.partition("?")[0].rpartition("/")[2]
        scripts[name] = len(gzip.compress(await answer.body()))


@asynccontextmanager
async def product(folder: Path) -> AsyncIterator[Live]:
    """The product on a throwaway PostgreSQL."""
    cluster = postgres.Cluster(
        folder=folder / "postgres",
        socket_folder=postgres.find_socket_folder(folder),
        binaries=postgres.find_binaries(os.environ.get("DOORSTEP_PG_BIN", "")),
        durable=False,
    )
    with running(cluster):
        settings = Settings(
            database_url=cluster.url(),
            owner_url=cluster.url(),
            storage_url=(folder / "files").as_uri(),
            base_url="http://127.0.0.1:8000",
            secret_key="a secret key of the bench, long enough",
            data=folder,
        )
        async with live_product(cluster, settings) as live:
            yield live


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--pictures", type=int, default=60)
    return parser.parse_args(arguments)


def say(name: str, figure: str) -> None:
    """One line."""
    sys.stdout.write(f"{name:>28}  {figure}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
