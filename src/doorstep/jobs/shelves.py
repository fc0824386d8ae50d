"""The shelves of the portfolio: each job stands on one, which its row says by itself."""

from enum import StrEnum


class Shelf(StrEnum):
    """Where a job stands for those who look after it; the column `shelf` is made from the row."""

    INVITED = "invited"
    PHOTOS_NEEDED = "photos_needed"
    UPLOADING = "uploading"
    CHECKING = "checking"
    APPROVAL = "approval"
    BUILDING = "building"
    TO_ORDER = "to_order"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


LABELS: dict[str, str] = {
    Shelf.INVITED: "Sent invites",
    Shelf.PHOTOS_NEEDED: "Photos needed",
    Shelf.UPLOADING: "Uploading",
    Shelf.CHECKING: "Checking",
    Shelf.APPROVAL: "Needs approval",
    Shelf.BUILDING: "Building",
    Shelf.TO_ORDER: "Ready to order",
    Shelf.READY: "Ready",
    Shelf.FAILED: "Failed",
    Shelf.CANCELLED: "Cancelled",
    Shelf.ARCHIVED: "Archived",
}
LISTED = tuple(str(one) for one in Shelf if one is not Shelf.ARCHIVED)
"""What a portfolio shows that asks for no shelf."""
MIXED = frozenset({Shelf.BUILDING, Shelf.ARCHIVED})
"""Where jobs of several states stand."""
