"""What every door needs, made once a process."""

from dataclasses import dataclass
from functools import partial

from doorstep.kit.db import Database
from doorstep.kit.settings import Settings
from doorstep.kit.signing import Signer
from doorstep.kit.storage import Storage
from doorstep.readiness.asking import ask
from doorstep.readiness.keeping import Keeper
from doorstep.web.links import Links


@dataclass(frozen=True, kw_only=True)
class Services:
    """The seams of one process."""

    settings: Settings
    db: Database
    storage: Storage
    signer: Signer
    links: Links
    keeper: Keeper


def services_on(settings: Settings, db: Database) -> Services:
    """The services of a process with these settings, on this database."""
    return Services(
        settings=settings,
        db=db,
        storage=Storage(settings.storage_url, reserve_bytes=settings.storage_reserve_mb << 20),
        signer=Signer(settings.secret_key),
        links=Links(settings),
        keeper=Keeper(ask=partial(ask, settings)),
    )
