"""Lists of instant designs, which are empty."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from doorstep.wire.hover.declared.job_access import ShareMeta
from doorstep.wire.hover.declared.values import Paged


class ListDesignLeads(Paged, kw_only=True):
    """Which page."""


class DesignLeadList(msgspec.Struct, kw_only=True):
    """None."""

    leads: Annotated[list[Any], Meta(max_length=0)]
    meta: ShareMeta


class ListDesigns(msgspec.Struct, kw_only=True):
    """Of which job, or of which lead."""

    job_id: Annotated[int, Meta(ge=1, examples=[10168587])] | None = None
    lead_id: Annotated[int, Meta(ge=1)] | None = None


class DesignList(msgspec.Struct, kw_only=True):
    """None."""

    images: Annotated[list[Any], Meta(max_length=0)]
