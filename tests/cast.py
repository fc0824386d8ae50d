"""A small cast, known by name: Alice's organization with Bob and Amy, and Charlie elsewhere."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from doorstep.auth import actions as auth
from doorstep.auth.scopes import member_actor, next_org_id, open_scope
from doorstep.kit.db import Database
from doorstep.kit.ids import uuid7
from doorstep.leads import queries as leads
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Actor, Right

STAGE = Actor(kind="test", id="cast", rights=frozenset(Right))


@dataclass(frozen=True, kw_only=True)
class Troupe:
    """One organization with everything that it needs to act."""

    org_id: int
    captorra_id: str
    referrer: uuid.UUID
    case_type: uuid.UUID
    token: str
    wallet_id: int
    admin_id: int
    sessions: dict[str, str]

    @property
    def bearer(self) -> dict[str, str]:
        """The headers of an integration of this organization."""
        return {"authorization": f"Bearer {self.token}"}

    def cookie(self, name: str) -> dict[str, str]:
        """The headers of a member who is signed in."""
        return {"cookie": f"doorstep_session={self.sessions[name]}"}


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Everybody."""

    alice: Troupe
    charlie: Troupe


async def gather(db: Database) -> Cast:
    """Make both organizations."""
    alice = await _troupe(
        db,
        name="Bluth Company",
        captorra_id="123456",
        people={"alice": "admin", "bob": "member", "amy": "approver"},
    )
    charlie = await _troupe(
        db, name="Sitwell Housing", captorra_id="654321", people={"charlie": "admin"}
    )
    return Cast(alice=alice, charlie=charlie)


async def _troupe(db: Database, *, name: str, captorra_id: str, people: dict[str, str]) -> Troupe:
    org_id = await next_org_id(db)
    async with open_scope(db, org_id=org_id, actor=STAGE) as scope:
        await orgs.insert_org(scope, name=name, captorra_id=captorra_id)
        ids = {
            person: await orgs.insert_user(
                scope, email=f"{person}@{captorra_id}.example", name=person.title(), role=role
            )
            for person, role in people.items()
        }
        client_id = f"client-{captorra_id}"
        await auth.make_client(scope, client_id=client_id, name="CRM")
        token, _ = await auth.issue_tokens(scope, client_id=client_id)
        facts: dict[str, Any] = {
            "referrer": await leads.insert_source(scope, source_id=uuid7(), name="Bright Leads"),
            "case_type": await leads.insert_case_type(scope, case_type_id=uuid7(), name="Roof"),
            "wallet_id": await orgs.insert_wallet(scope, name=name),
        }
        sessions = {
            who: await auth._start_session(
                replace(scope, actor=member_actor(ids[who], role=role)), user_id=ids[who]
            )
            for who, role in people.items()
        }
    admin = next(iter(ids.values()))
    return Troupe(
        org_id=org_id,
        captorra_id=captorra_id,
        token=token,
        admin_id=admin,
        sessions=sessions,
        **facts,
    )
