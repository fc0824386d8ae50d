"""Members as they are invited, changed and answered."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from doorstep.wire.hover.declared.organizations import Role, Template, User
from doorstep.wire.hover.declared.values import Flag, Line


class Access(msgspec.Struct, kw_only=True):
    """What a member is in the organization."""

    org_id: int
    user_id: int
    free_job_quota: Literal[0]
    acl_template: Role
    acl_options: None
    cc_admin_on_emails: bool


class AccessOfOrg(msgspec.Struct, kw_only=True):
    """What a member may do there, in words that clients know."""

    template: Role
    jobs: list[str]
    billing_auths: list[str]
    users: list[str]
    orgs: list[str]
    org_settings: list[str]
    machete_features: list[str]
    ordering: list[str]
    measurements: list[str]
    emails: list[str]
    id: str
    kind: Literal["dealer"]


class AccessOptions(msgspec.Struct, kw_only=True):
    """By organization."""

    orgs: list[AccessOfOrg]


class Member(User, kw_only=True):
    """A member with all that they may do."""

    accesses: list[Access]
    acl_options: AccessOptions


class WrappedMember(msgspec.Struct, kw_only=True):
    """One."""

    user: Member


class NewMemberFields(msgspec.Struct, kw_only=True):
    """Who, and what they may do; the organization's default when nothing is said."""

    email: Annotated[Line, Meta(examples=["tobias@example.com"])]
    first_name: Annotated[Line, Meta(examples=["Tobias"])] | None = None
    last_name: Line | None = None
    name: Line | None = None
    acl_template: Template | None = None


class NewMember(msgspec.Struct, kw_only=True):
    """An invitation."""

    user: NewMemberFields


class MemberChanges(msgspec.Struct, kw_only=True):
    """What to change; what is left out stays."""

    acl_template: Template | None = None
    require_job_approval: Flag | None = None


class MemberUpdate(msgspec.Struct, kw_only=True):
    """A change of a member."""

    user: MemberChanges


class Nothing(msgspec.Struct, kw_only=True):
    """Nothing has to be sent."""

    note: Any = None
