"""The first organization of an installation, and a way in for somebody who lost theirs."""

import asyncio
import sys
from pathlib import Path

from doorstep.auth import actions as auth
from doorstep.auth import queries as credentials
from doorstep.auth.scopes import next_org_id, open_scope
from doorstep.cli.data_folder import DATA, environment_of
from doorstep.kit import db as database
from doorstep.kit.db import Database, Role
from doorstep.kit.errors import NotFound
from doorstep.kit.ids import uuid7
from doorstep.kit.settings import Settings, from_environment
from doorstep.leads import queries as leads
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import Actor, Right

OPERATOR = Actor(kind="operator", id="command line", rights=frozenset(Right))


def organization(  # allow: sizes an option each
    name: str,
    *,
    email: str,
    captorra_id: str,
    admin: str = "",
    source: str = "Website",
    data: Path = DATA,
) -> None:
    """Make an organization with its first admin, and print the link that signs them in.

    Parameters
    ----------
    name
        What the organization is called, also towards homeowners.
    email
        The admin's address.
    admin
        The admin's name; the address by default.
    captorra_id
        The organization's id on the lead wire, six digits as a rule.
    source
        The name of its first source of leads.
    data
        Folder of the Doorstep that runs on this machine.
    """
    settings = from_environment(environment_of(data))
    link = asyncio.run(
        _make(settings, name=name, person=(admin or email, email), captorra_id=captorra_id,
              source=source)
    )  # fmt: skip
    sys.stdout.write(f"{link}\n")


def sign_in_link(email: str, *, data: Path = DATA) -> None:
    """Print a link that signs the member with this address in, once, within a day.

    Parameters
    ----------
    email
        The member's address.
    data
        Folder of the Doorstep that runs on this machine.
    """
    settings = from_environment(environment_of(data))
    sys.stdout.write(f"{asyncio.run(_sign_in_link(settings, email=email))}\n")


async def _make(
    settings: Settings, *, name: str, person: tuple[str, str], captorra_id: str, source: str
) -> str:
    db = await database.connect(settings.database_url)
    try:
        org_id = await next_org_id(db)
        async with open_scope(db, org_id=org_id, actor=OPERATOR) as scope:
            await orgs.insert_org(scope, name=name, captorra_id=captorra_id)
            await orgs.insert_wallet(scope, name=name)
            await leads.insert_source(scope, source_id=uuid7(), name=source)
            user_id = await orgs.insert_user(scope, email=person[1], name=person[0], role="admin")
        return await _link_for(settings, db, org_id=org_id, user_id=user_id)
    finally:
        await db.close()


async def _sign_in_link(settings: Settings, *, email: str) -> str:
    db = await database.connect(settings.database_url)
    try:
        async with db.transaction(Role.GATE) as tx:
            found = await credentials.users_by_email(tx, email=email)
        if not found:
            raise NotFound(f"Nobody here has the address {email}.")
        row = found[0]
        return await _link_for(settings, db, org_id=row["org_id"], user_id=row["id"])
    finally:
        await db.close()


async def _link_for(settings: Settings, db: Database, *, org_id: int, user_id: int) -> str:
    async with open_scope(db, org_id=org_id, actor=OPERATOR) as scope:
        secret = await auth.make_sign_in_link(scope, user_id=user_id)
    return f"{settings.base_url}/sign-in/link/{secret}"
