"""Webhooks as they are sent and answered."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from doorstep.wire.hover.declared.values import Moment, Paged, Pagination


class NewWebhookFields(msgspec.Struct, kw_only=True):
    """Where to, and in which dialect."""

    url: Annotated[
        str,
        Meta(
            min_length=1,
            extra_json_schema={"format": "uri"},
            examples=["https://crm.example/hooks/doorstep"],
        ),
    ]
    content_type: Literal["json"] | None = None
    dialect: (
        Annotated[
            Literal["wire", "standard", "undecided"],
            Meta(description="Say `standard` for Standard Webhooks without a code."),
        ]
        | None
    ) = None


class NewWebhook(msgspec.Struct, kw_only=True):
    """A URL for all events of the organization."""

    webhook: NewWebhookFields


class Webhook(msgspec.Struct, kw_only=True):
    """A registered URL with its secret."""

    id: Annotated[int, Meta(examples=[12343])]
    owner_type: Literal["Org"]
    owner_id: Annotated[int, Meta(examples=[492855])]
    url: Annotated[str, Meta(examples=["https://crm.example/hooks/doorstep"])]
    created_at: Moment
    updated_at: Moment
    verified_at: Moment | None
    hmac_secret: Annotated[str, Meta(min_length=88, max_length=88, examples=["m6Tz" * 21 + "mQ=="])]
    last_error: str | None
    content_type: Literal["json"]


class WebhookList(msgspec.Struct, kw_only=True):
    """Oldest first."""

    pagination: Pagination
    results: list[Webhook]


class ListWebhooks(Paged, kw_only=True):
    """A page of them."""
