"""Jobs of v3 as they are answered."""

import uuid
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from doorstep.builds.measured.full import SIDES
from doorstep.wire.hover.declared.files import Address, Image, MeasurementFiles
from doorstep.wire.hover.declared.jobs import ModelState, Words
from doorstep.wire.hover.declared.values import Acting, Degrees, Flag, Moment, Paged

ReconstructionState = Annotated[
    Literal["draft", "working", "waiting_approval", "processing", "paying", "completed", "failed"],
    Meta(examples=["draft"]),
]
Product = Literal[
    "roof_only", "complete", "total_living_area_plus", "total_living_area", "capture_only",
    "interiors",
]  # fmt: skip


class OrgId(msgspec.Struct, kw_only=True):
    """Whose it is."""

    id: int


class AddressV3(msgspec.Struct, kw_only=True):
    """The address, in the mixed keys that are published."""

    location_line_1: str | None
    location_line_2: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    latitude: Degrees
    longitude: Degrees


class Customer(msgspec.Struct, kw_only=True):
    """Whose house it is."""

    first_name: str | None
    name: str | None
    email: str | None
    phone: str | None


class CaptureSession(msgspec.Struct, kw_only=True):
    """Ours: one phone that sent something, and what it sent."""

    client_identifier: uuid.UUID
    device: str | None
    browser: str | None
    opened_at: Moment
    finished_at: Moment | None
    photos: int
    videos: int
    rejected: int
    bytes: int
    spots: dict[str, int]
    skipped_spots: dict[str, str]
    checks: dict[str, int]


class Captured(msgspec.Struct, kw_only=True):
    """Who took the photos, when, and with what."""

    id: int
    client_identifier: uuid.UUID | None
    name: str | None
    state: Literal["completed"]
    capture_by: str
    type: Literal["sparse_exterior", "dense_interior"]
    deliverable: Product
    device: str | None
    created_at: Moment | None
    updated_at: Moment | None
    sessions: list[CaptureSession]


class RoofPictures(msgspec.Struct, kw_only=True):
    """The roof from above."""

    url: Address
    top: Address
    lengths: Address
    areas: Address
    pitches: Address


class SidePictures(msgspec.Struct, kw_only=True):
    """One side."""

    url: Address
    compass: Address
    top: Address


WireframeImages: Any = msgspec.defstruct(
    "WireframeImages",
    [*((side, SidePictures) for side in SIDES), ("roof", RoofPictures), ("footprint", Address)],
    kw_only=True,
)


class Model3d(msgspec.Struct, kw_only=True):
    """The textured model: a page for members, and the file."""

    url: Address
    glb: Address


class Exports(msgspec.Struct, kw_only=True):
    """Formats that Doorstep does not write: always null."""

    skp: None
    esx: None
    fml: None
    xml: None


class Artifacts(msgspec.Struct, kw_only=True):
    """What was made."""

    measurements: MeasurementFiles
    wireframe_images: WireframeImages
    model_3d: Model3d
    exports: Exports


class ModelV3(msgspec.Struct, kw_only=True):
    """One structure."""

    id: Annotated[int, Meta(examples=[17338410])]
    name: str | None
    state: ModelState
    deliverable: Product
    failure_reason: str | None
    artifacts: Artifacts
    images: list[Image]


class JobV3(msgspec.Struct, kw_only=True):
    """A job with everything."""

    id: Annotated[int, Meta(examples=[15084303])]
    name: Annotated[str, Meta(examples=["Main House"])]
    reconstruction_state: ReconstructionState | None
    external_identifier: str | None
    org: OrgId
    address: AddressV3
    customer: Customer
    captures: list[Captured]
    models: list[ModelV3]
    inspections: list[dict[str, Any]]
    archived: bool
    created_at: Moment
    updated_at: Moment
    completed_at: Moment | None


class NextPage(msgspec.Struct, kw_only=True):
    """Where the page stands; `next_page` is null on the last one."""

    current_page: int
    next_page: int | None


class JobV3List(msgspec.Struct, kw_only=True):
    """One page of jobs."""

    results: list[JobV3]
    pagination: NextPage


class ListJobsV3(Paged, kw_only=True):
    """Which jobs, and in which order."""

    reconstruction_state: (
        Literal[
            "draft", "working", "waiting_approval", "processing", "paying", "completed", "failed"
        ]
        | None
    ) = None
    sort_by: Literal["completed_at", "created_at", "updated_at"] = "created_at"
    sort_order: Literal["ASC", "DESC"] = "DESC"
    search: Words | None = None
    archived: Flag | None = None
    example: Flag | None = None
    updated_since: Annotated[int, Meta(ge=0, lt=1 << 33, description="Unix seconds.")] | None = None
    deliverable_ids: list[int] = msgspec.field(name="deliverable_ids[]", default_factory=list)


class ShowJob(Acting, kw_only=True):
    """Who looks; taken, and not needed."""
