"""What the model files hold, and what the homeowner's copy does not."""

import json
import struct
from typing import Any

import numpy as np
import trimesh

from doorstep.reconstruction.geometry.gltf import Part, write_glb
from doorstep.reconstruction.stages.export import homeowner_parts, y_up

CORNERS = np.array([[0, 0, 0], [12, 0, 0], [12, 8, 0], [0, 8, 6]], float)
FACES = np.array([[0, 1, 2], [0, 2, 3]])
RGB = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]], np.uint8)


def test_another_library_reads_the_model_back() -> None:
    glb = write_glb([Part(y_up(CORNERS).astype(np.float32), FACES, rgb=RGB)])
    scene = trimesh.load_scene(trimesh.util.wrap_as_stream(glb), file_type="glb")
    np.testing.assert_allclose(scene.extents, [12, 6, 8])
    assert len(scene.to_mesh().faces) == 2


def test_homeowners_copy_has_no_size_no_names_and_no_yaw() -> None:
    small = _home(CORNERS)
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]], float)
    large = _home(CORNERS @ turn.T * 3.7 + [100, 50, 2])

    assert small == large
    scene = _json(small)
    assert sorted(scene["asset"]) == ["version"]
    assert "extras" not in json.dumps(scene)
    assert "name" not in json.dumps(scene)
    position = scene["accessors"][scene["meshes"][0]["primitives"][0]["attributes"]["POSITION"]]
    assert max(np.array(position["max"]) - position["min"]) == 32768


def _home(corners: np.ndarray) -> bytes:
    return write_glb(homeowner_parts([Part(y_up(corners).astype(np.float32), FACES, rgb=RGB)]))


def _json(glb: bytes) -> dict[str, Any]:
    length = struct.unpack_from("<I", glb, 12)[0]
    loaded: dict[str, Any] = json.loads(glb[20 : 20 + length])
    return loaded
