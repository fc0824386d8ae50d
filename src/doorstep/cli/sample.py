"""The sample: two organizations, so that the product can be tried and isolation seen."""

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from doorstep.auth import actions as auth
from doorstep.auth import clients
from doorstep.auth.scopes import next_org_id, open_scope
from doorstep.captures import actions as captures
from doorstep.captures import queries as requests
from doorstep.captures.model import Asking
from doorstep.jobs.model import COMPLETE, Property
from doorstep.kit import db as database
from doorstep.kit.db import Database
from doorstep.kit.ids import uuid7
from doorstep.kit.settings import Settings
from doorstep.leads import queries as leads
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Actor, OrgScope, Right
from doorstep.web.links import Links

REDIRECT_URI = "http://127.0.0.1:8970/back"
"""Where a program on the same machine waits for the answer of the consent page."""

OPERATOR = Actor(kind="operator", id="sample", rights=frozenset(Right))

ORGANIZATIONS: tuple[dict[str, Any], ...] = (
    {
        "name": "Harbor Roofing",
        "captorra_id": "123456",
        "source": "Bright Leads",
        "case_types": ("Roof", "Siding", "Storm damage"),
        "users": (("Ada Harbor", "ada@harbor.example", "admin"),
                  ("Ben Ruiz", "ben@harbor.example", "member")),
    },
    {
        "name": "Cedar & Stone",
        "captorra_id": "654321",
        "source": "Nova Marketing",
        "case_types": ("Roof", "Full exterior"),
        "users": (("Cleo Stone", "cleo@cedar.example", "admin"),),
    },
)  # fmt: skip


async def load(settings: Settings) -> dict[str, Any]:
    """What `doorstep up --ready` writes: made on the first call, the same ever after.

    Secrets of the sample are in `sample.json` of the data folder, readable by its owner
    only; access token and sign-in link are made anew on each start.
    """
    db = await database.connect(settings.database_url)
    try:
        kept = settings.data / "sample.json"
        if not kept.exists():
            _write(
                kept,
                {"organizations": [await make(db, facts) for facts in ORGANIZATIONS]},
            )
        facts: dict[str, Any] = json.loads(kept.read_text("utf-8"))
        for org in facts["organizations"]:
            await _refresh(db, org)
        first = facts["organizations"][0]
        link = await _sign_in_link(db, first)
        return {
            "base_url": settings.base_url,
            "admin_link": f"{settings.base_url}/sign-in/link/{link}",
            "mailbox": f"{settings.base_url}/outbox",
            "capture_link": await _capture_link(settings, db, org=first),
            **facts,
        }
    finally:
        await db.close()


async def make(db: Database, facts: dict[str, Any]) -> dict[str, Any]:
    """One organization with people, a wallet, a source, case types and an integration."""
    org_id = await next_org_id(db)
    async with open_scope(db, org_id=org_id, actor=OPERATOR) as scope:
        await orgs.insert_org(scope, name=facts["name"], captorra_id=facts["captorra_id"])
        users = [
            await _user(scope, name=name, email=email, role=role)
            for name, email, role in facts["users"]
        ]
        client_id = f"sample-{org_id}"
        client_secret = await auth.make_client(
            scope, client_id=client_id, name="Sample integration"
        )
        await clients.allow_redirects(scope, client_id=client_id, uris=[REDIRECT_URI])
        return {
            "id": org_id,
            "name": facts["name"],
            "captorra_id": facts["captorra_id"],
            "source": facts["source"],
            "referrer": str(
                await leads.insert_source(scope, source_id=uuid7(), name=facts["source"])
            ),
            "case_types": [await _case_type(scope, name) for name in facts["case_types"]],
            "users": users,
            "wallet_id": await orgs.insert_wallet(scope, name=facts["name"]),
            "client_id": client_id,
            "client_secret": client_secret,
            "redirect_uri": REDIRECT_URI,
            "access_token": None,
            "refresh_token": None,
            "webhook_secret": None,
        }


async def _user(scope: OrgScope, *, name: str, email: str, role: str) -> dict[str, Any]:
    password = uuid.uuid4().hex
    user_id = await orgs.insert_user(scope, email=email, name=name, role=role)
    await auth.set_password(scope, user_id=user_id, password=password)
    return {"id": user_id, "name": name, "email": email, "role": role, "password": password}


async def _case_type(scope: OrgScope, name: str) -> dict[str, str]:
    guid = await leads.insert_case_type(scope, case_type_id=uuid7(), name=name)
    return {"name": name, "guid": str(guid)}


async def _refresh(db: Database, org: dict[str, Any]) -> None:
    async with open_scope(db, org_id=org["id"], actor=OPERATOR) as scope:
        access, refresh = await auth.issue_tokens(scope, client_id=org["client_id"])
    org["access_token"], org["refresh_token"] = access, refresh


async def _sign_in_link(db: Database, org: dict[str, Any]) -> str:
    async with open_scope(db, org_id=org["id"], actor=OPERATOR) as scope:
        return await auth.make_sign_in_link(scope, user_id=org["users"][0]["id"])


async def _capture_link(settings: Settings, db: Database, *, org: dict[str, Any]) -> str:
    """The link of a request that still waits for its photos; a new one when there is none."""
    links = Links(settings)
    async with open_scope(db, org_id=org["id"], actor=OPERATOR) as scope:
        waiting = [
            one
            for state in ("new", "connected")
            for one in (
                await requests.page(scope, requesting_user_id=None, states=[state], page=1, per=1)
            )[0]
        ]
        if waiting and waiting[0].expires_at > datetime.now(UTC):
            return links.capture(waiting[0])
        asking = Asking(
            name="You, with a phone",
            email=org["users"][0]["email"],
            phone=None,
            place=Property(name="Your house", line_1="12 Sample Street", city="Philadelphia",
                           region="PA", postal_code="19146"),
            deliverable_id=COMPLETE,
            client_identifier=uuid.uuid4(),
            wallet_id=org["wallet_id"],
        )  # fmt: skip
        made = await captures.ask(scope, asking=asking, requesting_user_id=org["users"][0]["id"])
        return links.capture(made)


def _write(path: Path, facts: dict[str, Any]) -> None:
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(facts, indent=1), "utf-8")
    partial.replace(path)
