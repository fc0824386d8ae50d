"""Jobs of v1 and v2 as they are sent and answered."""

import uuid
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from doorstep.wire.hover import job_shapes
from doorstep.wire.hover.declared.capture_requests import Identifier, State, TestState
from doorstep.wire.hover.declared.files import Image, MeasurementFiles
from doorstep.wire.hover.declared.job_access import (
    AccessOrg,
    JobShare,
    OrgJobAccess,
    ViaAccess,
)
from doorstep.wire.hover.declared.organizations import Org
from doorstep.wire.hover.declared.values import (
    Acting,
    Degrees,
    Deliverable,
    Flag,
    Line,
    Moment,
    Paged,
    Pagination,
    PayingWallet,
    WantedDeliverable,
    Whole,
)

JobState = Annotated[
    Literal[
        "uploading",
        "processing_upload",
        "waiting_approval",
        "working",
        "processing",
        "paying",
        "complete",
        "failed",
        "cancelled",
    ],
    Meta(examples=["uploading"]),
]
ModelState = Annotated[Literal["uploading", "complete", "failed"], Meta(examples=["uploading"])]
Words = Annotated[str, Meta(min_length=3, description="At least three characters.")]


class JobChanges(msgspec.Struct, kw_only=True):
    """What may be said of a property and its owner."""

    name: Annotated[Line, Meta(examples=["Vacation Home"])] | None = None
    external_identifier: Line | None = None
    location_line_1: Annotated[Line, Meta(examples=["123 Hover Way"])] | None = None
    location_line_2: Line | None = None
    location_city: Line | None = None
    location_region: Line | None = None
    location_postal_code: Line | None = None
    location_country: Line | None = None
    customer_name: Line | None = None
    customer_email: Line | None = None
    customer_phone: Line | None = None


class NewJobFields(JobChanges, kw_only=True):
    """A property, and what is made of its photos. A name or a first line must be there."""

    deliverable_id: WantedDeliverable = None
    client_identifier: uuid.UUID | None = None
    wallet_id: Whole | None = None
    test_state: TestState | None = None


class NewJob(Acting, kw_only=True):
    """A draft; nobody is invited."""

    job: NewJobFields


class JobUpdate(Acting, kw_only=True):
    """What to change; what is left out stays."""

    job: JobChanges


class Reassign(Acting, kw_only=True):
    """Who has the job from now on."""

    user_id: Whole
    identifier: Identifier | None = None


class SetTestState(Acting, kw_only=True):
    """How the job ends."""

    state: Literal["complete", "failed"]


class Location(msgspec.Struct, kw_only=True):
    """The address once more."""

    line_1: str | None
    line_2: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None


class JobAddress(msgspec.Struct, kw_only=True):
    """The flat address."""

    location_line_1: Annotated[str, Meta(examples=["123 Hover Way"])] | None
    location_line_2: str | None
    location_city: str | None
    location_region: str | None
    location_postal_code: str | None
    location_country: str | None
    location_lat: Degrees
    location_lon: Degrees


class Viewer(msgspec.Struct, kw_only=True):
    """Where the job's model is looked at."""

    designProUrl: Annotated[str, Meta(examples=["https://doorstep.example/3d/10168587"])]  # noqa: N815  published


class Units(msgspec.Struct, kw_only=True):
    """In which units it shows lengths."""

    useMetricSystem: bool  # noqa: N815  published


class MacheteBlob(msgspec.Struct, kw_only=True):
    """What is published of the viewer's configuration."""

    geometrySrc: None  # noqa: N815  published
    OptInFeature: Viewer
    MeasurementsFeature: Units


class AssignedUser(msgspec.Struct, kw_only=True):
    """Whose job it is."""

    id: int
    first_name: str
    last_name: str
    email: str
    time_zone: str
    aasm_state: Literal["invited", "activated"]
    sign_in_count: None
    preferred_identifier: None
    require_job_approval: bool


class Assignment(msgspec.Struct, kw_only=True):
    """The member whose job it is."""

    id: int
    user_id: int
    job_id: int
    kind: Literal["creator"]
    archived: bool
    archived_at: Moment | None
    created_at: Moment
    updated_at: Moment
    user: AssignedUser
    assigned_by: None
    org: AccessOrg


class JobOrg(msgspec.Struct, kw_only=True):
    """Whose it is: the one organization, which has no parent."""

    id: int
    parent_id: None
    kind: Literal["dealer"]
    sort_order: None
    name: str
    ancestral_name: str
    model_price: None
    updated_at: Moment
    ordering_email: str | None
    customer_display_name: str


class JobRequest(msgspec.Struct, kw_only=True):
    """The capture request that the job came from."""

    id: int
    identifier: Identifier
    state: State


def nothing(names: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Fields that the published shape has and Doorstep does not know: always null."""
    return [(name, None) for name in names]


class ModelFacts(msgspec.Struct, kw_only=True):
    """One structure."""

    id: Annotated[int, Meta(examples=[17338410])]
    job_id: int
    state: ModelState
    created_at: Moment
    updated_at: Moment
    created_with_job: bool
    failure_reason: str | None
    images: list[Image]
    is_3d_available: bool
    archived: bool
    archived_at: Moment | None
    reprocessed: bool


class JobFacts(JobAddress, kw_only=True):
    """A job of v1."""

    id: Annotated[int, Meta(examples=[10168587])]
    org_id: int
    org_name: str
    user_id: int
    user_name: Annotated[str, Meta(description="An address of e-mail, as published.")]
    name: Annotated[str, Meta(examples=["Vacation Home"])]
    client_identifier: uuid.UUID
    external_identifier: str | None
    external_identifier_label: str
    deliverable_id: Deliverable
    location: Location
    customer_name: str | None
    customer_phone: str | None
    customer_email: str | None
    state: JobState
    created_at: Moment
    updated_at: Moment
    completed_at: Moment | None
    archived: bool
    approved: bool
    wallet: PayingWallet | None
    job_assignments: list[Assignment]
    orgs: list[JobOrg]
    pending_capture_request: JobRequest | None
    capture_request: JobRequest | None


MEASURED = set(job_shapes.MEASUREMENTS_OF.values())
ModelV1: Any = msgspec.defstruct(
    "ModelV1",
    [
        *((f"wireframe_{side}", dict[str, Any]) for side in job_shapes.WIREFRAMES),
        *(
            (name, MeasurementFiles | None if name in MEASURED else None)
            for name in job_shapes.UNKNOWN_OF_MODEL
        ),
    ],
    bases=(ModelFacts,),
    kw_only=True,
)
JobV1: Any = msgspec.defstruct(
    "JobV1",
    [
        ("models", list[ModelV1]),
        ("shared", bool),
        ("org_job_accesses", list[OrgJobAccess]),
        ("via_org_job_accesses", list[OrgJobAccess]),
        *nothing(job_shapes.UNKNOWN_OF_JOB),
        ("machete_blob", MacheteBlob),
        *((name, bool) for name in job_shapes.NOT_HERE),
        *((name, list[Any]) for name in job_shapes.EMPTY),
        ("job_shares", list[JobShare]),
        ("through_org", Org),
    ],
    bases=(JobFacts,),
    kw_only=True,
)
WrappedJob: Any = msgspec.defstruct("WrappedJob", [("job", JobV1)], kw_only=True)


JobV2: Any = msgspec.defstruct(
    "JobV2",
    [
        ("uploaded_at", Moment | None),
        ("archived_at", Moment | None),
        ("first_completed_at", Moment | None),
        ("test_state", Literal["no", "complete", "failed"]),
        ("captured_user_id", int | None),
        ("type", Literal["Job"]),
        ("images", list[Image]),
        ("approved_at", Moment | None),
        ("approving_user_id", int | None),
        *nothing(job_shapes.UNKNOWN_OF_V2),
    ],
    bases=(JobV1,),
    kw_only=True,
)


class ViaAssignment(msgspec.Struct, kw_only=True):
    """Why the job is seen."""

    id: int
    kind: Literal["creator"]


class JobRow(JobAddress, kw_only=True):
    """A job as the list of v2 has it."""

    archived: bool
    name: str
    customer_notes: None
    deliverable_id: Deliverable
    id: Annotated[int, Meta(examples=[10168587])]
    client_identifier: uuid.UUID
    roof_estimate_access_level: None
    estimated_hours_to_completion: None
    approved: bool
    example: bool
    property_type: None
    updated_at: Moment
    completed_at: Moment | None
    approved_at: Moment | None
    created_at: Moment
    org_id: int
    user_id: int
    search_rank: None
    has_money_shot: bool
    state: JobState
    via_job_share: None
    via_org_job_accesses: list[ViaAccess]
    via_job_assignments: list[ViaAssignment]


class ListFacts(msgspec.Struct, kw_only=True):
    """About the list: Unix seconds."""

    request_received_at: Annotated[int, Meta(examples=[1750191095])]


class JobList(msgspec.Struct, kw_only=True):
    """Newest first."""

    pagination: Pagination
    results: list[JobRow]
    meta: ListFacts


class ListJobs(Paged, kw_only=True):
    """Which jobs."""

    archived: Flag | None = None
    states: list[Literal["processing", "needs_photos", "needs_approval", "complete", "failed"]] = (
        msgspec.field(name="states[]", default_factory=list)
    )
    deliverable_ids: list[int] = msgspec.field(name="deliverable_ids[]", default_factory=list)
    search: Words | None = None
