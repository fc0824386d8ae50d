"""`/oauth/authorize`: a signed-in admin lets an integration act for the whole organization.

Nothing is sent to an address that is not registered: an unknown client or address ends on
a page of ours. Every other refusal goes to the integration as `?error=`.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.response import Redirect

from doorstep.api.description.calls import SESSION, call
from doorstep.auth import clients
from doorstep.auth.model import origin_of
from doorstep.kit.errors import AppError, Unauthorized
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope, Right
from doorstep.web.desk.forms import read_form
from doorstep.web.headers import CONTENT_SECURITY_POLICY
from doorstep.web.templates import render
from doorstep.wire.oauth import declared
from doorstep.wire.oauth.tokens import TAG

PATH = "/oauth/authorize"
STATE_CHARACTERS_MAX = 2000
CHALLENGE_CHARACTERS = 43

AnyRequest = Request[object, object, State]
Asked = Mapping[str, str]


def on_a_page(request: AnyRequest, error: AppError) -> Response[object]:
    """A failure of this page is for a person; who is signed out is asked in first."""
    if isinstance(error, Unauthorized) and request.method == "GET":
        goal = f"{request.url.path}?{request.url.query}"
        return Redirect("/sign-in?" + urlencode({"next": goal}), status_code=303)
    html = render("failure.html", title="Not connected", text=error.text, status=error.status)
    return Response(html, status_code=error.status, media_type="text/html")


@get(
    PATH,
    exception_handlers={AppError: on_a_page},
    opt=call(
        TAG, query=declared.Consent, replies=declared.CONSENT, security=SESSION, anonymous=True
    ),
)
async def ask(request: AnyRequest, page: OrgScope) -> Response[str]:
    """Show what the integration wants, with Allow and Deny."""
    asked = dict(request.query_params.items())
    page.require(Right.ADMINISTER)
    redirect_uri = asked.get("redirect_uri", "")
    client = await clients.find(
        page, client_id=asked.get("client_id", ""), redirect_uri=redirect_uri
    )
    refusal = _refusal(asked)
    if refusal is not None:
        return _answer(redirect_uri, {"error": refusal}, asked=asked)
    html = render(
        "oauth/authorize.html",
        client=client,
        org=await orgs.find_org(page),
        host=urlsplit(redirect_uri).netloc,
        asked={name: asked[name] for name in KEPT if name in asked},
    )
    # Browsers hold `form-action` against the redirect that answers the form as well.
    policy = CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {origin_of(redirect_uri)}"
    )
    return Response(html, media_type="text/html", headers={"content-security-policy": policy})


@post(PATH, status_code=302, exception_handlers={AppError: on_a_page})
async def decide(request: AnyRequest, page: OrgScope) -> Response[str]:
    """Send the code, or the refusal, to the integration."""
    page.require(Right.ADMINISTER)
    asked = await read_form(request)
    redirect_uri, client_id = asked.get("redirect_uri", ""), asked.get("client_id", "")
    await clients.find(page, client_id=client_id, redirect_uri=redirect_uri)
    refusal = _refusal(asked)
    if refusal is None and asked.get("decision") != "allow":
        refusal = "access_denied"
    if refusal is not None:
        return _answer(redirect_uri, {"error": refusal}, asked=asked)
    code = await clients.consent(
        page,
        client_id=client_id,
        redirect_uri=redirect_uri,
        user_id=int(page.actor.id),
        challenge=asked.get("code_challenge") or None,
    )
    return _answer(redirect_uri, {"code": code}, asked=asked)


KEPT = (
    *("response_type", "client_id", "redirect_uri", "state", "scope"),
    *("code_challenge", "code_challenge_method"),
)


def _refusal(asked: Asked) -> str | None:
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if len(asked.get("state", "")) > STATE_CHARACTERS_MAX:
        return "invalid_request"
    challenge = asked.get("code_challenge", "")
    method = asked.get("code_challenge_method", "")
    if challenge and (method != "S256" or len(challenge) != CHALLENGE_CHARACTERS):
        return "invalid_request"
    return "invalid_request" if method and not challenge else None


def _answer(redirect_uri: str, said: dict[str, str], *, asked: Asked) -> Response[str]:
    parts = urlsplit(redirect_uri)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *said.items()]
    if asked.get("state") and len(asked["state"]) <= STATE_CHARACTERS_MAX:
        query.append(("state", asked["state"]))
    target = urlunsplit(parts._replace(query=urlencode(query)))
    return Response("", status_code=302, headers={"location": target, "cache-control": "no-store"})


ROUTES = [ask, decide]
