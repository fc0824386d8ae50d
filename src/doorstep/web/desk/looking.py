"""What somebody looks for in the inbox, as it stands in an address."""

import uuid
from typing import Annotated
from urllib.parse import urlencode

from litestar.params import QueryParameter

from doorstep.kit.errors import NotFound
from doorstep.web.desk.inbox_queries import EVERY, OPEN, Looking
from doorstep.web.desk.lead_words import DISPOSITIONS, TAGS
from doorstep.web.desk.screens import Query

TEXT_CHARACTERS_MAX = 200
SHOWN = ("", "waiting")
DISPOSED = {
    OPEN: "Nothing yet",
    **{name: told for name, (told, _) in DISPOSITIONS.items()},
    EVERY: "Anything, merged leads too",
}
"""What became of a lead, as it is looked for."""

CaseType = Annotated[str, QueryParameter(name="type", required=False)]


def read_looking(
    *,
    show: Query = "",
    q: Query = "",
    source: Query = "",
    case_type: CaseType = "",
    tag: Query = "",
    disposition: Query = "",
) -> Looking:
    """The filters of an address; one that cannot be is not found."""
    if show not in SHOWN or tag not in ("", *TAGS) or disposition not in ("", *DISPOSED):
        raise NotFound
    return Looking(
        waiting_only=show == "waiting",
        source_id=_id(source),
        case_type_id=_id(case_type),
        tag=tag or None,
        disposition=disposition or None,
        text=" ".join(q.replace("\0", " ").split())[:TEXT_CHARACTERS_MAX],
    )


def address_of(looking: Looking, **changes: str) -> str:
    """The filters as they stand in an address, `show` first; empty ones are left out."""
    values = {
        "q": looking.text,
        "source": str(looking.source_id or ""),
        "type": str(looking.case_type_id or ""),
        "tag": looking.tag or "",
        "disposition": looking.disposition or "",
    }
    show = changes.pop("show", "waiting" if looking.waiting_only else "")
    return urlencode(
        {"show": show, **{key: text for key, text in (values | changes).items() if text}}
    )


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error
