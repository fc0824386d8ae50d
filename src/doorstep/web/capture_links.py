"""The way in by a capture link, and what a guesser of links meets."""

from litestar import Request
from litestar.datastructures import State

from doorstep.captures import links
from doorstep.kit.errors import NotFound, TooMany
from doorstep.kit.pace import Pace
from doorstep.kit.rates import neighbourhood
from doorstep.web.services import Services

WRONG_LINKS_MAX = 60
WRONG_LINKS_SECONDS = 60

AnyRequest = Request[object, object, State]

wrong_links = Pace(WRONG_LINKS_MAX, seconds=WRONG_LINKS_SECONDS)


async def opened(request: AnyRequest, services: Services, *, token: str) -> tuple[int, int]:
    """(organization, capture request) of a link; a wrong one is counted against its sender.

    A right link opens whatever else came from there: a household, or a whole town behind
    one address of its carrier, must not be locked out by the guesser among them. Guessing
    128 bits is hopeless; what the count takes away is the attempt.
    """
    try:
        return await links.find(services.db, services.signer, token=token)
    except NotFound:
        request.app.state.figures.add("wrong_capture_links_total")
        peer = neighbourhood(request.client.host if request.client else "")
        try:
            wrong_links.admit(peer)
        except TooMany as slower:
            raise TooMany(
                "Too many wrong links came from here. Open the link from the message again.",
                headers=slower.headers,
            ) from None
        raise
