"""Debian's Chromium at phone size, in front of the running product."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

from doorstep.kit.postgres import Cluster
from doorstep.kit.settings import Settings
from tests.browser.live import PLAIN_HOST, Live, live_product

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
]
PHONE = {"width": 390, "height": 844}

Snap = Callable[[Page, str], Awaitable[None]]


@pytest.fixture
async def live(cluster: Cluster, settings: Settings) -> AsyncIterator[Live]:
    """The product, running."""
    async with live_product(cluster, settings) as running:
        yield running


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """The driver."""
    async with async_playwright() as started:
        yield started


async def launch(playwright: Playwright, *more: str) -> Browser:
    """A browser with these flags besides."""
    return await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *more])


async def phone_context(browser: Browser, **options: object) -> BrowserContext:
    """A phone."""
    context = await browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="en-US",
        **options,  # type: ignore[arg-type]
    )
    context.set_default_timeout(15_000)
    return context


@pytest.fixture(scope="session")
async def launched(playwright: Playwright) -> AsyncIterator[list[Browser]]:
    """The Chromium that one test after the other has."""
    held: list[Browser] = []
    yield held
    for one in held:
        await one.close()


@pytest.fixture
async def browser(playwright: Playwright, launched: list[Browser]) -> AsyncIterator[Browser]:
    """Chromium; what a test keeps in its contexts goes with them."""
    if not launched or not launched[0].is_connected():
        launched[:] = [await launch(playwright)]
    yield launched[0]
    for context in launched[0].contexts:
        await context.close()


@pytest.fixture
async def phone_page(browser: Browser) -> AsyncIterator[Page]:
    """A page on a phone; it fails the test when a script of ours fails."""
    context = await phone_context(browser)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await context.close()
    assert errors == []


@pytest.fixture
def snap() -> Snap:
    """Keep a picture of the page where DOORSTEP_SNAPS says, to be looked at."""
    folder = os.environ.get("DOORSTEP_SNAPS")

    async def take(page: Page, name: str) -> None:
        if folder:
            await page.screenshot(path=Path(folder) / f"{name}.png")

    return take
