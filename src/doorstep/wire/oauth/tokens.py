"""`/oauth/token` and `/oauth/revoke`, with the errors of RFC 6749 and RFC 7009."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from litestar import Response, post

from doorstep.api.description.calls import CLIENT, call
from doorstep.auth import clients
from doorstep.auth.model import ACCESS_TOKEN_LIFE, Tokens
from doorstep.kit.errors import BadRequest
from doorstep.web.services import Services
from doorstep.wire.hover.encoding import AnyRequest, Tree, read_body, text
from doorstep.wire.oauth import declared

TAG = "Authorization"
NEVER_STORED = {"cache-control": "no-store", "pragma": "no-cache"}
NOT_GOOD = "The code or token is unknown, used, expired or of another integration."


class Refused(Exception):
    """An error of the protocol: `code` is its name there."""

    def __init__(self, code: str, text: str, *, status: int = 400) -> None:
        """`text` is for the developer."""
        super().__init__(text)
        self.code = code
        self.text = text
        self.status = status


def refused(_request: AnyRequest, error: Refused) -> Response[dict[str, str]]:
    """As RFC 6749, section 5.2."""
    headers = dict(NEVER_STORED)
    if error.status == 401:  # noqa: PLR2004
        headers["www-authenticate"] = 'Basic realm="oauth"'
    content = {"error": error.code, "error_description": error.text}
    return Response(content, status_code=error.status, headers=headers)


def unreadable(request: AnyRequest, error: BadRequest) -> Response[dict[str, str]]:
    """A body that cannot be read is an `invalid_request`."""
    return refused(request, Refused("invalid_request", error.text))


HANDLERS: Any = {Refused: refused, BadRequest: unreadable}
PROTOCOL: Any = {
    "security": CLIENT,
    "anonymous": True,
    "failure": declared.OAuthError,
    "fails": (400, 401),
}


@post(
    "/oauth/token",
    status_code=200,
    exception_handlers=HANDLERS,
    opt=call(TAG, body=declared.TokenRequest, answer=declared.TokenPair, **PROTOCOL),
)
async def token(request: AnyRequest, services: Services) -> Response[dict[str, Any]]:
    """Trade a code, or a refresh token, for a fresh pair."""
    body = await read_body(request)
    kind = _needed(body, "grant_type")
    if kind not in ("authorization_code", "refresh_token"):
        raise Refused("unsupported_grant_type", "Send authorization_code or refresh_token.")
    org_id, client_id = await _authenticated(request, body, services=services)
    if kind == "authorization_code":
        made = await clients.exchange_code(
            services.db,
            services.signer,
            org_id=org_id,
            client_id=client_id,
            code=_needed(body, "code"),
            redirect_uri=_needed(body, "redirect_uri"),
            verifier=text(body, "code_verifier"),
        )
    else:
        made = await clients.refresh(
            services.db,
            services.signer,
            org_id=org_id,
            client_id=client_id,
            token=_needed(body, "refresh_token"),
        )
    if made is None:
        raise Refused("invalid_grant", NOT_GOOD)
    return Response(_documented(made), headers=NEVER_STORED)


@post(
    "/oauth/revoke",
    status_code=200,
    exception_handlers=HANDLERS,
    opt=call(TAG, body=declared.Revocation, **PROTOCOL),
)
async def revoke(request: AnyRequest, services: Services) -> Response[bytes]:
    """End a token and all that came from the same consent; unknown ones are no error."""
    body = await read_body(request)
    org_id, client_id = await _authenticated(request, body, services=services)
    await clients.revoke_token(
        services.db, org_id=org_id, client_id=client_id, token=_needed(body, "token")
    )
    return Response(b"", headers=NEVER_STORED)


def _documented(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": int(ACCESS_TOKEN_LIFE.total_seconds()),
        "refresh_token": tokens.refresh,
        "scope": "all",
        "created_at": int(tokens.created_at.timestamp()),
        "owner_id": tokens.org_id,
        "owner_type": "orgs",
    }


async def _authenticated(request: AnyRequest, body: Tree, *, services: Services) -> tuple[int, str]:
    client_id, secret = _basic(request) or (text(body, "client_id"), text(body, "client_secret"))
    org_id = None
    if client_id and secret:
        org_id = await clients.authenticate(services.db, client_id=client_id, client_secret=secret)
    if org_id is None or client_id is None:
        raise Refused("invalid_client", "Client id and secret do not belong together.", status=401)
    return org_id, client_id


def _basic(request: AnyRequest) -> tuple[str, str] | None:
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _, secret = pair.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)


def _needed(body: Tree, key: str) -> str:
    value = text(body, key)
    if value is None:
        raise Refused("invalid_request", f"{key} is missing.")
    return value


ROUTES = [token, revoke]
