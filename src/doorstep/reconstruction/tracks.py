"""Details seen in several photos, and a well-spread share of them that suffices to find cameras.

Twice the photos of one walk see each detail twice as often, so that all details together grow with
the square of the photos, while some hundreds, spread over a photo, hold it as well as thousands do.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

# Cells across and down a photo, each of which gives its best details before any gives its next.
CELLS = (16, 12)

Pair = tuple[int, int]
Places = NDArray[np.float64]
Matches = NDArray[np.uint32]


def well_spread(
    places: Sequence[Places], pairs: Mapping[Pair, Matches], *, per_photo: int, per_pair: int
) -> dict[Pair, Matches]:
    """Matches (m x 2) of the details that remain when each photo keeps about `per_photo` of them.

    `places` (n x 2) are a photo's features, as shares of its width and height. Details go in the
    order of their rank in a cell of a photo, where the one in most photos ranks first, and each is
    kept that a photo has room for. A photo of fewer details keeps them all, and so do two that have
    no more than `per_pair` in common, which may be all that closes a walk.
    """
    starts = np.concatenate([[0], np.cumsum([len(own) for own in places])])
    photo = np.repeat(np.arange(len(places)), np.diff(starts))
    detail = _details(pairs, starts)
    worth = _worth(detail, photo)
    matched = np.flatnonzero(worth[detail] > 0)
    rank = _ranks(
        _cells(places)[matched] + photo[matched] * CELLS[0] * CELLS[1], worth[detail[matched]]
    )
    first = np.full(len(worth), np.inf)
    np.minimum.at(first, detail[matched], rank)
    candidates = np.flatnonzero(worth > 0)
    candidates = candidates[np.lexsort((-worth[candidates], first[candidates]))]
    kept = np.zeros(len(worth), bool)
    kept[_fill(candidates, detail=detail[matched], photo=photo[matched], per_photo=per_photo)] = (
        True
    )
    shown = {pair: detail[matches[:, 0] + starts[pair[0]]] for pair, matches in pairs.items()}
    for common in shown.values():
        kept[common] |= len(common) <= per_pair
    return {pair: matches[kept[shown[pair]]] for pair, matches in pairs.items()}


def _details(pairs: Mapping[Pair, Matches], starts: NDArray[np.int64]) -> NDArray[np.int32]:
    """Which detail each feature of all photos shows: features that match each other show one."""
    joined = np.concatenate(
        [np.zeros((0, 2), np.int64)]
        + [m + starts[[one, other]] for (one, other), m in pairs.items()]
    )
    size = int(starts[-1])
    graph = coo_matrix((np.ones(len(joined), np.int8), joined.T), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1])


def _worth(detail: NDArray[np.int32], photo: NDArray[np.int64]) -> NDArray[np.int64]:
    """In how many photos each detail is; 0 for one alone, and 1 where a photo shows it twice.

    What is twice in a photo is two details that were taken for each other.
    """
    features = np.bincount(detail)
    once = np.unique(detail.astype(np.int64) * (photo.max(initial=0) + 1) + photo)
    photos = np.bincount(once // (photo.max(initial=0) + 1))
    return np.where(features < 2, 0, np.where(photos < features, 1, photos))


def _cells(places: Sequence[Places]) -> NDArray[np.int64]:
    last = np.array(CELLS) - 1
    across, down = np.clip((np.concatenate(places) * CELLS).astype(np.int64), 0, last).T
    return np.asarray(across * CELLS[1] + down)


def _ranks(group: NDArray[np.int64], worth: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of each in its group, those of most worth first."""
    order = np.lexsort((-worth, group))
    begins = np.flatnonzero(np.diff(group[order], prepend=-1))
    ranks = np.empty(len(group), np.int64)
    sizes = np.diff(np.append(begins, len(group)))
    ranks[order] = np.arange(len(group)) - np.repeat(begins, sizes)
    return ranks


def _fill(
    candidates: NDArray[np.int64],
    *,
    detail: NDArray[np.int32],
    photo: NDArray[np.int64],
    per_photo: int,
) -> list[int]:
    """Those of the candidates, in their order, that some photo has room for."""
    order = np.argsort(detail, kind="stable")
    begins = np.searchsorted(detail[order], candidates)
    ends = np.searchsorted(detail[order], candidates, side="right")
    seen_in = photo[order].tolist()
    room = [per_photo] * (int(photo.max(initial=0)) + 1)
    kept = []
    for number, begin, end in zip(candidates.tolist(), begins.tolist(), ends.tolist(), strict=True):
        photos = seen_in[begin:end]
        if any(room[each] > 0 for each in photos):
            kept.append(number)
            for each in photos:
                room[each] -= 1
    return kept
