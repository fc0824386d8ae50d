"""What the authorization calls take and answer, as types for their description."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from doorstep.api.description.calls import HTML, TEXT, Reply

ClientId = Annotated[str, Meta(examples=["dst_ci_..."])]
RedirectUri = Annotated[
    str,
    Meta(
        description="One of the registered addresses, letter for letter.",
        examples=["https://crm.example/back"],
    ),
]


class Consent(msgspec.Struct, kw_only=True):
    """What the integration asks an admin for."""

    response_type: Literal["code"]
    client_id: ClientId
    redirect_uri: RedirectUri
    state: Annotated[str, Meta(max_length=2000, description="Comes back as it went.")] = ""
    scope: Annotated[str, Meta(description="Ignored; it is always all.")] = ""
    code_challenge: Annotated[str, Meta(description="As RFC 7636.")] = ""
    code_challenge_method: Literal["S256", ""] = ""


PAGE = "A page that says what is wrong; nothing is sent anywhere."
CONSENT = {
    200: Reply(description="The page with Allow and Deny.", media_type=HTML),
    302: Reply(
        description="Back to the integration with `error`.",
        media_type=HTML,
        headers={"Location": "string"},
    ),
    303: Reply(
        description="Nobody is signed in: on to the way in.",
        media_type=TEXT,
        headers={"Location": "string"},
    ),
    403: Reply(description=PAGE, media_type=HTML),
    404: Reply(description=PAGE, media_type=HTML),
}


class TokenRequest(msgspec.Struct, kw_only=True):
    """A code, or a refresh token, with the client's own credentials or HTTP Basic."""

    grant_type: Annotated[
        Literal["authorization_code", "refresh_token"], Meta(examples=["refresh_token"])
    ]
    code: Annotated[str, Meta(description="For `authorization_code`.")] | None = None
    redirect_uri: Annotated[str, Meta(description="For `authorization_code`.")] | None = None
    code_verifier: Annotated[str, Meta(description="As RFC 7636.")] | None = None
    refresh_token: (
        Annotated[str, Meta(description="For `refresh_token`.", examples=["dst_rt_..."])] | None
    ) = None
    client_id: ClientId | None = None
    client_secret: Annotated[str, Meta(examples=["dst_cs_..."])] | None = None


class TokenPair(msgspec.Struct, kw_only=True):
    """An access token for two hours, and a refresh token for one use."""

    access_token: Annotated[str, Meta(examples=["dst_at_..."])]
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Meta(description="Seconds.", examples=[7200])]
    refresh_token: Annotated[str, Meta(examples=["dst_rt_..."])]
    scope: Literal["all"]
    created_at: Annotated[int, Meta(description="Unix seconds.", examples=[1781354732])]
    owner_id: Annotated[int, Meta(description="The organization.")]
    owner_type: Literal["orgs"]


class Revocation(msgspec.Struct, kw_only=True):
    """A token to end, with all that came of the same consent."""

    token: Annotated[str, Meta(examples=["dst_rt_..."])]
    client_id: ClientId | None = None
    client_secret: Annotated[str, Meta(examples=["dst_cs_..."])] | None = None


class OAuthError(msgspec.Struct, kw_only=True):
    """As RFC 6749, section 5.2."""

    error: Literal["invalid_request", "invalid_client", "invalid_grant", "unsupported_grant_type"]
    error_description: str
