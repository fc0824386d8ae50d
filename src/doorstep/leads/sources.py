"""Sources and their rules: read and change them, and the secret that a source may sign with."""

import ipaddress
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from doorstep.kit.errors import Invalid, NotFound
from doorstep.kit.signing import Signer
from doorstep.leads import queries
from doorstep.leads.model import Rules
from doorstep.orgs.model import OrgScope, Right

SALT_BYTES = 16
NETWORKS_MAX = 50
REPEAT_WINDOW_MAX = timedelta(days=90)
POSTS_PER_SECOND_LIMIT = 10_000
SUCCESS_KEYS = ("IntakeID", "IntakeId", "both")


@dataclass(frozen=True, kw_only=True)
class Source:
    """A vendor's entrance: its secret GUID and its rules."""

    id: uuid.UUID
    name: str
    referrer: uuid.UUID
    disabled: bool
    rules: Rules


async def find(scope: OrgScope, *, source_id: uuid.UUID) -> Source:
    """One source; NotFound when it is not of this organization."""
    found = await queries.find_source(scope, source_id=source_id)
    if found is None:
        raise NotFound
    facts = dict(found)
    own = {name: facts.pop(name) for name in ("id", "name", "referrer", "disabled")}
    return Source(**own, rules=Rules(**facts | {"networks": tuple(facts["networks"])}))


async def change(scope: OrgScope, *, source_id: uuid.UUID, rules: Rules) -> None:
    """Give the source these rules; every process follows within two seconds."""
    scope.require(Right.ADMINISTER)
    _check(rules)
    if not await queries.update_rules(scope, source_id=source_id, rules=rules):
        raise NotFound


async def sign(scope: OrgScope, *, source_id: uuid.UUID, signer: Signer) -> str:
    """Ask for signed posts from now on; the new secret, which can be shown again at any time."""
    salt = secrets.token_bytes(SALT_BYTES)
    source = await find(scope, source_id=source_id)
    await change(scope, source_id=source_id, rules=replace(source.rules, signature_salt=salt))
    return signature_secret(signer, salt)


def signature_secret(signer: Signer, salt: bytes) -> str:
    """What the vendor signs with: `X-Doorstep-Signature: sha256=<HMAC-SHA256 of the body in hex>`."""
    return signer.derive("lead signature", salt.hex()).hex()


def parse_networks(text: str) -> tuple[Any, ...]:
    """Addresses and networks as a person types them, between commas or spaces; raises Invalid."""
    try:
        return tuple(ipaddress.ip_network(part) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise Invalid(fields={"networks": [str(error)]}) from error


def _check(rules: Rules) -> None:
    fields: dict[str, list[str]] = {}
    if rules.success_key not in SUCCESS_KEYS:
        fields["success_key"] = [f"is one of {', '.join(SUCCESS_KEYS)}"]
    window = rules.repeat_window
    if window is not None and not timedelta(0) <= window <= REPEAT_WINDOW_MAX:
        fields["repeat_window"] = [f"is at most {REPEAT_WINDOW_MAX.days} days"]
    if not 1 <= rules.posts_per_second_max <= POSTS_PER_SECOND_LIMIT:
        fields["posts_per_second_max"] = [f"is a number from 1 to {POSTS_PER_SECOND_LIMIT}"]
    if len(rules.networks) > NETWORKS_MAX:
        fields["networks"] = [f"are at most {NETWORKS_MAX}"]
    if fields:
        raise Invalid(fields=fields)
