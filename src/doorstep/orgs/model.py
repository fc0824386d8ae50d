"""Roles, rights, and the scope that every query of tenant data takes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from doorstep.kit.db import Tx
from doorstep.kit.errors import Forbidden


class Right(StrEnum):
    """What a member may be allowed to do."""

    READ = "read"
    INVITE = "invite"
    APPROVE = "approve"
    ADMINISTER = "administer"


ROLE_RIGHTS: dict[str, frozenset[Right]] = {
    "admin": frozenset(Right),
    "manager": frozenset({Right.READ, Right.INVITE, Right.APPROVE}),
    "member": frozenset({Right.READ, Right.INVITE}),
    "approver": frozenset({Right.READ, Right.APPROVE}),
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does it: `kind` and `id` go into the event, `rights` decide."""

    kind: str
    id: str
    rights: frozenset[Right] = frozenset()

    def __str__(self) -> str:
        """As the events' `actor` column has it: `user:7`."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, kw_only=True)
class OrgScope:
    """One organization, who acts in it, and the open transaction; only `auth` makes one."""

    tx: Tx
    org_id: int
    actor: Actor

    def require(self, right: Right) -> None:
        """Raise Forbidden unless the actor has the right."""
        if right not in self.actor.rights:
            raise Forbidden


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person of the organization; `invited_at` until the first sign-in."""

    id: int
    email: str
    name: str
    role: str
    require_job_approval: bool
    invited_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What an admin chooses for the whole organization; waste in percent."""

    open_identifier_links: bool
    require_job_approval: bool
    default_role: str
    ordering_email: str | None
    siding_waste_percent: int | None
    roofing_waste_percent: int | None
    names_requester: bool
    invites_by_email: bool
    invites_by_text: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Org:
    """An organization as pages and wires show it."""

    id: int
    name: str
    customer_display_name: str
    captorra_id: str
    time_zone: str
    external_identifier_label: str
    external_identifier_required: bool
    default_deliverable_id: int


@dataclass(frozen=True, kw_only=True)
class Face:
    """What homeowners see of an organization."""

    org_id: int
    name: str
    customer_display_name: str
    colour: str | None
    """Six hexadecimal digits."""
    logo: str | None
    """The SHA-256 of the picture as it is served."""
    privacy_url: str | None
    terms_url: str | None
    support_phone: str | None
    languages: list[str]
    """The first is for phones that speak none of them; empty: every language that there is."""
