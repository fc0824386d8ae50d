"""Binary glTF with just what a model viewer needs, and nothing that gives a house away."""

import json
import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

ARRAY_BUFFER, ELEMENT_BUFFER = 34962, 34963
UNSIGNED_BYTE, SHORT, UNSIGNED_INT, FLOAT = 5121, 5122, 5125, 5126
KINDS = {"uint8": UNSIGNED_BYTE, "int16": SHORT, "uint32": UNSIGNED_INT, "float32": FLOAT}
SHAPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}


@dataclass(frozen=True)
class Part:
    """Triangles with one colour source: per vertex (`rgb`) or a picture (`uv`, `jpeg`)."""

    positions: NDArray[Any]
    faces: NDArray[np.int64]
    rgb: NDArray[np.uint8] | None = None
    uv: NDArray[np.float32] | None = None
    jpeg: bytes | None = None


@dataclass
class _Writer:
    binary: bytearray = field(default_factory=bytearray)
    views: list[dict[str, Any]] = field(default_factory=list)
    accessors: list[dict[str, Any]] = field(default_factory=list)

    def view(self, content: bytes, **more: int) -> int:
        self.binary += bytes(-len(self.binary) % 4)
        start = len(self.binary)
        self.binary += content
        self.views.append({"buffer": 0, "byteOffset": start, "byteLength": len(content), **more})
        return len(self.views) - 1

    def accessor(
        self, values: NDArray[Any], *, target: int, normalized: bool = False, bounds: bool = False
    ) -> int:
        """Rows padded to four bytes, as glTF asks of vertex data."""
        width = values.shape[1] if values.ndim == 2 else 1
        row = values.reshape(len(values), width)
        stride = -(-row.itemsize * width // 4) * 4
        padded = np.zeros((len(row), stride // row.itemsize), row.dtype)
        padded[:, :width] = row
        is_vertex = target == ARRAY_BUFFER
        content = (padded if is_vertex else row).tobytes()
        more = {"target": target, **({"byteStride": stride} if is_vertex else {})}
        entry: dict[str, Any] = {
            "bufferView": self.view(content, **more),
            "componentType": KINDS[row.dtype.name],
            "count": len(row),
            "type": SHAPES[width],
        }
        if normalized:
            entry["normalized"] = True
        if bounds:
            entry |= {"min": row.min(axis=0).tolist(), "max": row.max(axis=0).tolist()}
        self.accessors.append(entry)
        return len(self.accessors) - 1


def write_glb(parts: list[Part]) -> bytes:
    """Parts in one scene, y up. Positions are float32, or int16 for a model in [-1, 1]."""
    writer = _Writer()
    primitives, images, materials = [], [], []
    for part in parts:
        quantised = part.positions.dtype == np.int16
        attributes = {
            "POSITION": writer.accessor(
                part.positions, target=ARRAY_BUFFER, normalized=quantised, bounds=True
            )
        }
        material: dict[str, Any] = {"metallicFactor": 0.0, "roughnessFactor": 1.0}
        if part.rgb is not None:
            attributes["COLOR_0"] = writer.accessor(
                _linear(part.rgb), target=ARRAY_BUFFER, normalized=True
            )
        if part.uv is not None and part.jpeg is not None:
            attributes["TEXCOORD_0"] = writer.accessor(
                part.uv.astype(np.float32), target=ARRAY_BUFFER
            )
            images.append({"bufferView": writer.view(part.jpeg), "mimeType": "image/jpeg"})
            material["baseColorTexture"] = {"index": len(images) - 1}
        materials.append({"pbrMetallicRoughness": material, "doubleSided": True})
        indices = writer.accessor(part.faces.reshape(-1).astype(np.uint32), target=ELEMENT_BUFFER)
        primitives.append(
            {"attributes": attributes, "indices": indices, "material": len(materials) - 1}
        )
    scene = _scene(writer, primitives, images=images, materials=materials)
    if any(part.positions.dtype == np.int16 for part in parts):
        scene["extensionsUsed"] = scene["extensionsRequired"] = ["KHR_mesh_quantization"]
    return _pack(scene, bytes(writer.binary))


def _scene(
    writer: _Writer,
    primitives: list[dict[str, Any]],
    *,
    images: list[dict[str, Any]],
    materials: list[dict[str, Any]],
) -> dict[str, Any]:
    scene: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": primitives}],
        "materials": materials,
        "accessors": writer.accessors,
        "bufferViews": writer.views,
        "buffers": [{"byteLength": len(writer.binary)}],
    }
    if images:
        scene["images"] = images
        scene["samplers"] = [{"wrapS": 33071, "wrapT": 33071}]
        scene["textures"] = [{"source": index, "sampler": 0} for index in range(len(images))]
    return scene


def _pack(scene: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(scene, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    total = 12 + 8 + len(text) + 8 + len(binary)
    return (
        struct.pack("<4sII", b"glTF", 2, total)
        + struct.pack("<I4s", len(text), b"JSON")
        + text
        + struct.pack("<I4s", len(binary), b"BIN\0")
        + binary
    )


def _linear(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Vertex colours are linear in glTF; photos are not."""
    share = rgb.astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.rint(linear * 255), np.uint8)
