"""Which photos overlap: pairs from the capture order and from likeness, then matched."""

import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pycolmap
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from doorstep.reconstruction.failures import ReconstructionFailed, sides_look_alike
from doorstep.reconstruction.options import MatchingOptions, Options
from doorstep.reconstruction.photos import Photo, used_photos
from doorstep.reconstruction.progress import Step
from doorstep.reconstruction.reports import StageReport
from doorstep.reconstruction.turns import STRONG_MATCHES_MIN, read_turns
from doorstep.reconstruction.walk import findings, in_step
from doorstep.reconstruction.workspace import FEATURES, MATCHES, write_atomically

NAME = "matching"
VERSION = 3
TITLE = "Matching the photos with each other"
OUTPUTS = (MATCHES,)

Pair = tuple[int, int]

# Pairs matched in one call, between two signs of progress.
PAIRS_PER_CALL = 24
# Lowe's ratio for the vote on likeness; looser than matching, which is checked geometrically.
VOTE_RATIO = 0.8


def options_of(options: Options) -> MatchingOptions:
    """The part of the options that this stage depends on."""
    return options.matching


def run(workspace: Path, options: Options, *, step: Step) -> StageReport:
    """Write a copy of that database with the verified matches of every promising pair.

    Pairs of photos of alike sides are left out; it fails where the walk cannot tell which they are.
    """
    photos = used_photos(workspace)
    names = [photo.file for photo in photos]
    figures: dict[str, object] = {}

    def fill(path: Path) -> None:
        shutil.copyfile(workspace / FEATURES, path)
        pairs = choose_pairs(
            _strongest(path, names, count=options.matching.voting_features), options.matching
        )
        figures["pairs_tried"] = len(pairs)
        _match(path, [(names[a], names[b]) for a, b in pairs], options=options, step=step)
        stray = stray_photos(len(names), _verified(path, names))
        wanted = {(min(s, i), max(s, i)) for s in stray for i in range(len(names)) if i != s}
        wanted |= in_step(read_turns(path, photos), count=len(names))
        more = sorted(wanted - set(pairs))
        _match(path, [(names[a], names[b]) for a, b in more], options=options, step=step)
        figures["stray_photos"] = len(stray)
        figures["pairs_tried_again"] = len(more)
        figures["pairs_of_alike_sides"] = _leave_out_alike(path, photos)
        with pycolmap.Database.open(path) as database:
            figures["pairs_verified"] = database.num_verified_image_pairs()
            figures["matches_verified"] = database.num_inlier_matches()

    write_atomically(workspace / MATCHES, fill)
    return StageReport(NAME, figures)


def choose_pairs(descriptors: list[NDArray[np.float32]], options: MatchingOptions) -> list[Pair]:
    """Pairs of photo indices: all when few, else near in the walk plus most alike."""
    count = len(descriptors)
    if count <= options.exhaustive_up_to:
        return list(combinations(range(count), 2))
    chosen = near_in_walk(count, neighbours=options.neighbours)
    likeness = _likeness(descriptors)
    for index in range(count):
        likeness[index, index] = -1
        best = np.argsort(-likeness[index], kind="stable")[: options.similar]
        chosen |= {(min(index, int(b)), max(index, int(b))) for b in best if likeness[index, b] > 0}
    return sorted(chosen)


def near_in_walk(count: int, *, neighbours: int) -> set[Pair]:
    """Each photo with the next few of the capture, the end joined to the start."""
    pairs = ((i, (i + ahead) % count) for i in range(count) for ahead in range(1, neighbours + 1))
    return {(min(a, b), max(a, b)) for a, b in pairs if a != b}


def stray_photos(count: int, verified: dict[Pair, int]) -> list[int]:
    """Photos outside the largest group that well-matched pairs hold together.

    A close-up resembles the walk-round photos too little to be chosen; it is tried with all.
    """
    strong = [pair for pair, matches in verified.items() if matches >= STRONG_MATCHES_MIN]
    rows, columns = np.array(strong, np.int64).reshape(-1, 2).T
    graph = coo_matrix((np.ones(len(strong)), (rows, columns)), shape=(count, count))
    group = connected_components(graph, directed=False)[1]
    return np.flatnonzero(group != np.bincount(group).argmax()).tolist()


def _verified(path: Path, names: list[str]) -> dict[Pair, int]:
    index = {name: number for number, name in enumerate(names)}
    found: dict[Pair, int] = {}
    with pycolmap.Database.open(path) as database:
        by_id = {image.image_id: index[image.name] for image in database.read_all_images()}
        for pair_id, geometry in zip(*database.read_two_view_geometries(), strict=True):
            one, other = (by_id[i] for i in pycolmap.pair_id_to_image_pair(pair_id))
            found[min(one, other), max(one, other)] = len(geometry.inlier_matches)
    return found


def _leave_out_alike(path: Path, photos: list[Photo]) -> int:
    """Forget the pairs that the walk contradicts; how many they were."""
    found = findings(read_turns(path, photos), numbers=[photo.number for photo in photos])
    if found.alike and found.doubt:
        one, other = (photos[number].name for number in found.alike)
        raise ReconstructionFailed(sides_look_alike(one=one, other=other, why=found.doubt))
    with pycolmap.Database.open(path) as database:
        ids = {image.name: image.image_id for image in database.read_all_images()}
        for pair in found.false:
            database.delete_two_view_geometry(*(ids[photos[number].file] for number in pair))
    return len(found.false)


def _likeness(descriptors: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Count of distinct mutual matches between the strongest features of each two photos."""
    count = len(descriptors)
    votes = np.zeros((count, count), np.float32)
    for a, b in combinations(range(count), 2):
        votes[a, b] = votes[b, a] = _mutual_matches(descriptors[a], descriptors[b])
    return votes


def _mutual_matches(one: NDArray[np.float32], other: NDArray[np.float32]) -> int:
    if min(len(one), len(other)) < 2:
        return 0
    cosine = one @ other.T
    forth, back = cosine.argmax(axis=1), cosine.argmax(axis=0)
    mutual = back[forth] == np.arange(len(one))
    second, first = np.partition(cosine, -2, axis=1)[:, -2:].T
    distinct = (1 - first) < VOTE_RATIO**2 * (1 - second)
    return int((mutual & distinct).sum())


def _strongest(path: Path, names: list[str], *, count: int) -> list[NDArray[np.float32]]:
    """Unit descriptors of the features of largest scale, which survive a change of place."""
    chosen = []
    with pycolmap.Database.open(path) as database:
        for name in names:
            image = database.read_image_with_name(name)
            assert image is not None, f"{name} is in no database"
            scales = database.read_keypoints(image.image_id)[:, 2]
            largest = np.argsort(-scales, kind="stable")[:count]
            raw = database.read_descriptors(image.image_id).data[largest].astype(np.float32)
            chosen.append(raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-6))
    return chosen


def _match(path: Path, pairs: list[tuple[str, str]], *, options: Options, step: Step) -> None:
    matching = pycolmap.FeatureMatchingOptions()
    matching.use_gpu = False
    matching.num_threads = options.threads
    pairing = pycolmap.ImportedPairingOptions()
    verification = pycolmap.TwoViewGeometryOptions()
    verification.ransac.random_seed = options.seed
    verification.compute_relative_pose = True
    listed = path.with_name("pairs.txt")
    pairing.match_list_path = listed
    for start in range(0, len(pairs), PAIRS_PER_CALL):
        batch = pairs[start : start + PAIRS_PER_CALL]
        listed.write_text("".join(f"{a} {b}\n" for a, b in batch), encoding="utf-8")
        pycolmap.match_image_pairs(
            path,
            matching_options=matching,
            pairing_options=pairing,
            verification_options=verification,
            device=pycolmap.Device.cpu,
        )
        step((start + len(batch)) / len(pairs), f"{start + len(batch)} of {len(pairs)} pairs")
    listed.unlink(missing_ok=True)
