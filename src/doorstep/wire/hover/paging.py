"""`page` and `per` of the v2 lists."""

from typing import Any

from doorstep.kit.errors import Invalid
from doorstep.wire.hover.encoding import whole

PER_DEFAULT = 25
PER_MAX = 100
PAGE_MAX = 10_000


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
