"""Users, wallets and the organization as they are sent and answered."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from doorstep.wire.hover.declared.values import (
    Acting,
    Deliverable,
    Flag,
    Line,
    Moment,
    Paged,
    Pagination,
    Preferences,
    WantedDeliverable,
)

Role = Literal["admin", "manager", "pro_plus", "approver"]
Template = Role | Literal["member", "job_manager", "pro", "lite"]
Percent = Annotated[int, Meta(ge=0, le=100)]
Cents = Annotated[int, Meta(ge=0, examples=[3500])]


class WalletOrg(msgspec.Struct, kw_only=True):
    """Whose wallet it is."""

    name: str
    customer_display_name: str
    invoiced: bool


class Wallet(msgspec.Struct, kw_only=True):
    """What pays."""

    id: Annotated[int, Meta(examples=[463517])]
    preferred: bool
    shared: bool
    allowed_good_types: list[str]
    org: WalletOrg
    external_identifier_patterns: list[str]
    external_identifier_strict_validation: bool


class WalletList(msgspec.Struct, kw_only=True):
    """The organization's wallets."""

    pagination: Pagination
    results: list[Wallet]


class AvailableDeliverable(msgspec.Struct, kw_only=True):
    """What can be ordered, and what it costs; 0 is free."""

    id: Deliverable
    name: Annotated[str, Meta(examples=["Complete"])]
    price_cents: Cents


class AvailableDeliverables(msgspec.Struct, kw_only=True):
    """All of them."""

    results: list[AvailableDeliverable]


class ListWallets(Paged, kw_only=True):
    """A page of them."""


class ListUsers(Paged, kw_only=True):
    """Which users."""

    search: Annotated[str, Meta(description="In name, e-mail or number.")] | None = None
    admin: Flag | None = None
    state: Literal["activated", "invited"] | None = None


class User(msgspec.Struct, kw_only=True):
    """A member of the organization."""

    id: Annotated[int, Meta(examples=[1153372])]
    first_name: Annotated[str, Meta(examples=["Ben"])]
    last_name: Annotated[str, Meta(examples=["Ruiz"])]
    email: Annotated[str, Meta(examples=["ben@harbor.example"])]
    acl_template: Role
    aasm_state: Literal["invited", "activated"]
    require_job_approval: bool


class UserList(msgspec.Struct, kw_only=True):
    """Users by number."""

    pagination: Pagination
    results: list[User]


class OrgDefaults(Preferences, kw_only=True):
    """Its preferences, with the deliverable of those who name none."""

    deliverable_id: Deliverable


class OrgPreferences(OrgDefaults, kw_only=True):
    """All of its preferences; waste in percent."""

    id: int
    org_id: int
    created_at: Moment
    updated_at: Moment
    external_identifier_strict_validation: bool
    default_acl_template: Role
    ordering_email: str | None
    preferred_siding_waste_factor: Percent | None
    preferred_roofing_waste_factor: Percent | None
    include_pro_user_name_in_invite_messages: bool
    require_job_approval: bool
    invite_by_email: bool
    invite_by_text: bool
    open_identifier_links: bool


class ProfileOrg(msgspec.Struct, kw_only=True):
    """The organization, as a profile has it."""

    id: int
    name: str
    example_jobs_cloned: bool
    feature_access: dict[str, Any]
    preferences: OrgDefaults
    plan: None


class Profile(msgspec.Struct, kw_only=True):
    """The acting user."""

    id: int
    first_name: str
    last_name: str
    email: str
    time_zone: str
    upload_secret: None
    orgs: list[ProfileOrg]


class ShowProfile(Acting, kw_only=True):
    """Whose."""


class Org(msgspec.Struct, kw_only=True):
    """The organization of the token."""

    id: Annotated[int, Meta(examples=[492855])]
    parent_id: int | None
    kind: Literal["dealer"]
    name: Annotated[str, Meta(examples=["Bluth Company"])]
    ancestral_name: str
    customer_display_name: str
    deliverable_id: Deliverable
    deliverable_ids: list[int]
    available_deliverable_ids: list[int]
    preferences: OrgPreferences
    wallet: Wallet | None


class WrappedOrg(msgspec.Struct, kw_only=True):
    """One."""

    org: Org


class OrgList(msgspec.Struct, kw_only=True):
    """All that the token sees: one."""

    orgs: list[Org]


class PreferenceChanges(msgspec.Struct, kw_only=True):
    """Preferences to change."""

    external_identifier_label: Line | None = None
    external_identifier_required: Flag | None = None
    deliverable_id: WantedDeliverable = None
    open_identifier_links: Flag | None = None
    default_acl_template: Template | None = None
    ordering_email: Line | None = None
    preferred_siding_waste_factor: Percent | None = None
    preferred_roofing_waste_factor: Percent | None = None
    include_pro_user_name_in_invite_messages: Flag | None = None
    require_job_approval: Flag | None = None
    invite_by_email: Flag | None = None
    invite_by_text: Flag | None = None


class OrgChanges(msgspec.Struct, kw_only=True):
    """What to change; what is left out stays."""

    name: Line | None = None
    customer_display_name: Annotated[Line, Meta(examples=["Bluth Company"])] | None = None
    preferences_attributes: PreferenceChanges | None = None


class OrgUpdate(msgspec.Struct, kw_only=True):
    """Names and preferences."""

    org: OrgChanges
