"""A request of Alice's organization, and the phone of the one who was asked."""

import httpx
import pytest

from doorstep.captures.model import CaptureRequest
from doorstep.web.services import Services
from tests.capturing import Phone, ask, path_of
from tests.cast import Cast
from tests.pinned import PinnedDatabase


@pytest.fixture
async def request_of_alice(db: PinnedDatabase, cast: Cast) -> CaptureRequest:
    """A new request."""
    return await ask(db, cast.alice)


@pytest.fixture
def link(services: Services, request_of_alice: CaptureRequest) -> str:
    """The path of its secret link."""
    return path_of(services, request_of_alice)


@pytest.fixture
async def phone(client: httpx.AsyncClient, link: str) -> Phone:
    """A phone whose owner pressed Start."""
    made = Phone(client, link)
    await made.start()
    return made
