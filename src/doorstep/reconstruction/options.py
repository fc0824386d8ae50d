"""What can be asked of a run: one small frozen dataclass per stage."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self, TypeVar

from doorstep.reconstruction.workspace import read_json


@dataclass(frozen=True)
class SelectOptions:
    """How many photos, how large, how sharp."""

    photos_min: int = 3
    photos_max: int = 300
    side_px_max: int = 1600
    # Share of the set's median sharpness under which a photo is left out.
    sharpness_share_min: float = 0.15


@dataclass(frozen=True)
class FeatureOptions:
    """How many details to find in a photo."""

    # Width left after squeezing, and how many features to keep at it.
    squeezes: tuple[tuple[float, int], ...] = ((1.0, 7000), (0.6, 3000), (0.36, 2000))
    contrast: float = 0.02


@dataclass(frozen=True)
class MatchingOptions:
    """Which photos to compare."""

    exhaustive_up_to: int = 12
    neighbours: int = 3
    similar: int = 4
    # Strongest features of a photo that vote on which photos look alike.
    voting_features: int = 400


@dataclass(frozen=True)
class MappingOptions:
    """What a layout of cameras is found from, and must stand up to."""

    # Half a walk shows half a house, and walls that end where the photos do.
    registered_share_min: float = 0.6
    # More photos in wrong places than this, and the others are not believed either.
    misplaced_share_max: float = 0.1
    # Details of a photo, and common ones of two photos, that suffice to find their places; the other
    # details get theirs afterwards.
    details_per_photo: int = 1500
    details_per_pair: int = 100


@dataclass(frozen=True)
class RefineOptions:
    """When the principal point may be freed."""

    # A principal point is only safe to free with this many photos by one camera.
    photos_min: int = 10
    shift_share_max: float = 0.03


@dataclass(frozen=True)
class GravityOptions:
    """At which size to look for upright edges."""

    side_px: int = 1000


@dataclass(frozen=True)
class ScaleOptions:
    """Where metres may come from."""

    # None: no sheet; empty: the product's own sheet; else a description of another.
    marker: Mapping[str, Any] | None = None
    known_lengths: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class DenseOptions:
    """How finely to measure surfaces."""

    side_px: int = 800
    pairs_per_photo: int = 2
    points_max: int = 1_500_000


@dataclass(frozen=True)
class StructureOptions:
    """What may count as seen."""

    seen_share_min: float = 0.15


@dataclass(frozen=True)
class TextureOptions:
    """How fine the pictures on the faces are, along the longest one."""

    side_px: int = 1100
    seen_share_min: float = 0.15


@dataclass(frozen=True)
class SurfaceOptions:
    """How fine the mesh becomes."""

    depth: int = 8
    triangles_max: int = 200_000


@dataclass(frozen=True)
class ExportOptions:
    """How large the files may be."""

    model_bytes_max: int = 8_000_000
    preview_px: tuple[int, int] = (1200, 900)


@dataclass(frozen=True)
class Options:
    """Everything a run depends on besides the photos."""

    seed: int = 1
    threads: int = 1
    select: SelectOptions = field(default_factory=SelectOptions)
    features: FeatureOptions = field(default_factory=FeatureOptions)
    matching: MatchingOptions = field(default_factory=MatchingOptions)
    mapping: MappingOptions = field(default_factory=MappingOptions)
    refinement: RefineOptions = field(default_factory=RefineOptions)
    gravity: GravityOptions = field(default_factory=GravityOptions)
    scale: ScaleOptions = field(default_factory=ScaleOptions)
    dense: DenseOptions = field(default_factory=DenseOptions)
    structure: StructureOptions = field(default_factory=StructureOptions)
    texture: TextureOptions = field(default_factory=TextureOptions)
    surface: SurfaceOptions = field(default_factory=SurfaceOptions)
    export: ExportOptions = field(default_factory=ExportOptions)

    @classmethod
    def fast(cls) -> Self:
        """Small sets of small photos: a recognisable house in under a minute."""
        return cls(
            select=SelectOptions(side_px_max=800),
            features=FeatureOptions(squeezes=((1.0, 1500), (0.6, 1200), (0.36, 800))),
            matching=MatchingOptions(neighbours=3, similar=2),
            dense=DenseOptions(side_px=560, points_max=500_000),
            texture=TextureOptions(side_px=700),
            surface=SurfaceOptions(depth=7, triangles_max=100_000),
            export=ExportOptions(preview_px=(800, 600)),
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read `{"preset": "fast", "threads": 2, "dense": {"side_px": 700}, ...}`."""
        asked = read_json(path)
        chosen = _preset(cls, str(asked.pop("preset", "normal")))
        return replace(
            chosen, **{name: _merge(chosen, name, value=value) for name, value in asked.items()}
        )


Chosen = TypeVar("Chosen", bound=Options)


def _preset(cls: type[Chosen], name: str) -> Chosen:
    if name not in ("normal", "fast"):
        message = f"unknown preset {name!r}: use 'normal' or 'fast'"
        raise ValueError(message)
    return cls.fast() if name == "fast" else cls()


def _merge(options: Options, name: str, *, value: Any) -> Any:
    if name not in {each.name for each in fields(options)}:
        message = f"unknown option {name!r}"
        raise ValueError(message)
    if not isinstance(value, dict):
        return value
    lists_as_tuples = {key: tuple(v) if isinstance(v, list) else v for key, v in value.items()}
    return replace(getattr(options, name), **lists_as_tuples)
