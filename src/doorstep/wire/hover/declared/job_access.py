"""Shares, accesses and test jobs as they are sent and answered."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from doorstep.wire.hover.declared.values import Acting, Flag, Moment, Paged, Whole


class AccessChange(msgspec.Struct, kw_only=True):
    """Whether the job is out of the lists."""

    archived: Flag = True


class AccessUpdate(Acting, kw_only=True):
    """A change of the organization's access."""

    org_job_access: AccessChange | None = None


class AccessOrg(msgspec.Struct, kw_only=True):
    """Whose access it is."""

    id: int
    name: str
    customer_display_name: str


class OrgJobAccess(msgspec.Struct, kw_only=True):
    """The organization's access to its job, which bears the job's number."""

    id: int
    org_id: int
    lead_state: Literal["assigned"]
    ordering_state: Literal["lead"]
    kind: Literal["creator"]
    job_id: int
    archived: bool
    via_job_share: None
    archived_at: Moment | None
    created_at: Moment
    org: AccessOrg
    owner: None


class ViaAccess(msgspec.Struct, kw_only=True):
    """The same, as a list has it."""

    id: int
    org_id: int
    lead_state: Literal["assigned"]
    kind: Literal["creator"]
    ordering_state: Literal["lead"]


class WrappedAccess(msgspec.Struct, kw_only=True):
    """One."""

    org_job_access: OrgJobAccess


class NewShareFields(msgspec.Struct, kw_only=True):
    """Of which job."""

    job_id: Annotated[Whole, Meta(examples=[10168587])]


class NewShare(Acting, kw_only=True):
    """A link in the acting user's name."""

    job_share: NewShareFields


class ShareChanges(msgspec.Struct, kw_only=True):
    """Another end; `expired` ends it at once and for good."""

    expires_at: Annotated[str, Meta(examples=["2027-01-31T12:00:00Z"])] | None = None
    expired: Flag | None = None


class ShareUpdate(msgspec.Struct, kw_only=True):
    """A change of a link."""

    job_share: ShareChanges


class JobShare(msgspec.Struct, kw_only=True):
    """A link that shows a job's model without a measure."""

    id: int
    job_id: Annotated[int, Meta(examples=[10168587])]
    user_id: int
    recipient_id: None
    token: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{20}$", examples=["dR2k-9PzQ0aLm3XvY7_c"])]
    external_service: None
    external_identifier: None
    expired: bool
    expires_at: Moment
    url: str
    image_url: None
    video_url: None
    open_graph_url: None
    street_address: str | None
    state: None


class WrappedShare(msgspec.Struct, kw_only=True):
    """One."""

    job_share: JobShare


class SharePagination(msgspec.Struct, kw_only=True):
    """Where a page of a v1 list stands."""

    total: int
    total_count: int
    current_page: int
    next_page: int | None
    prev_page: int | None
    total_pages: int


class ShareMeta(msgspec.Struct, kw_only=True):
    """About the list."""

    pagination: SharePagination


class ShareList(msgspec.Struct, kw_only=True):
    """Newest first."""

    job_shares: list[JobShare]
    meta: ShareMeta


class ListShares(Paged, kw_only=True):
    """Of which job; of all when none is named."""

    job_id: Annotated[int, Meta(ge=1, examples=[10168587])] | None = None


class TestJob(Acting, kw_only=True):
    """A job of three structures, and how it ends."""

    job_preset: Literal["multi-structure-exterior"]
    state: Literal["complete", "failed"] = "complete"
    failed_models_count: Literal[0, 1, 2, "0", "1", "2"] = 0


class Success(msgspec.Struct, kw_only=True):
    """It is under way."""

    success: Literal[True]


class JobFault(msgspec.Struct, kw_only=True):
    """What is wrong, in the published words."""

    job: str


class TestJobRefused(msgspec.Struct, kw_only=True):
    """Nothing was made."""

    error: JobFault
