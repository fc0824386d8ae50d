"""What every door needs, made once a process."""

from dataclasses import dataclass

from doorstep.kit.db import Database
from doorstep.kit.settings import Settings
from doorstep.kit.signing import Signer
from doorstep.kit.storage import Storage


@dataclass(frozen=True, kw_only=True)
class Services:
    """The seams of one process."""

    settings: Settings
    db: Database
    storage: Storage
    signer: Signer
