"""`page` and `per` of the lists, and where a page of a v1 list stands."""

import math
from typing import Any

from doorstep.kit.errors import Invalid
from doorstep.wire.hover.encoding import whole

PER_DEFAULT = 25
PER_MAX = 100
PAGE_MAX = 10_000


def pagination_v1(*, page: int, per: int, total: int) -> dict[str, int | None]:
    """Where a page of a v1 list stands."""
    pages = max(1, math.ceil(total / per))
    return {
        "total": total,
        "total_count": total,
        "current_page": page,
        "next_page": page + 1 if page < pages else None,
        "prev_page": page - 1 if page > 1 else None,
        "total_pages": pages,
    }


def read_page(tree: dict[str, Any]) -> tuple[int, int]:
    """(page, rows per page); Invalid outside of the limits."""
    page, per = whole(tree, "page"), whole(tree, "per")
    page = 1 if page is None else page
    per = PER_DEFAULT if per is None else per
    if not 1 <= page <= PAGE_MAX:
        raise Invalid(fields={"page": [f"must be between 1 and {PAGE_MAX}"]})
    if not 1 <= per <= PER_MAX:
        raise Invalid(fields={"per": [f"must be between 1 and {PER_MAX}"]})
    return page, per
