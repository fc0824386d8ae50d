"""Binary PLY, just enough to speak with COLMAP's mesher."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from doorstep.reconstruction.geometry.stereo import Surfels

POINT = np.dtype(
    [
        ("x", "<f4"),
        ("y", "<f4"),
        ("z", "<f4"),
        ("nx", "<f4"),
        ("ny", "<f4"),
        ("nz", "<f4"),
        ("red", "u1"),
        ("green", "u1"),
        ("blue", "u1"),
    ]
)
NAMES = {"<f4": "float", "|u1": "uchar"}


def write_points(path: Path, cloud: Surfels) -> None:
    """Points with normals and colours."""
    rows = np.zeros(len(cloud.xyz), POINT)
    columns = np.concatenate([cloud.xyz, cloud.normal, cloud.rgb.astype(np.float32)], axis=1)
    assert POINT.names is not None
    for index, name in enumerate(POINT.names):
        rows[name] = columns[:, index]
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {len(rows)}"]
    lines += [f"property {NAMES[POINT[name].str]} {name}" for name in POINT.names]
    header = "\n".join([*lines, "end_header", ""])
    path.write_bytes(header.encode("ascii") + rows.tobytes())


def read_mesh(path: Path) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Vertices (n x 3) and triangles (m x 3) of a binary mesh."""
    content = path.read_bytes()
    binary_head, _, body = content.partition(b"end_header\n")
    head = binary_head.decode("ascii")
    vertex, count = _vertex_type(head)
    vertices = np.frombuffer(body, vertex, count=count)
    many = "<i4" if "property list int" in head else "u1"
    face = np.dtype([("count", many), ("corners", "<i4", 3)])
    faces = np.frombuffer(body, face, offset=count * vertex.itemsize)
    xyz = np.column_stack([vertices[name] for name in "xyz"]).astype(np.float64)
    return xyz, faces["corners"].astype(np.int64)


def _vertex_type(head: str) -> tuple[np.dtype[np.void], int]:
    kinds = {"float": "<f4", "float32": "<f4", "double": "<f8", "uchar": "u1", "uint8": "u1"}
    fields: list[tuple[str, str]] = []
    count = 0
    in_vertex = False
    for line in head.splitlines():
        words = line.split()
        if words[:1] == ["element"]:
            in_vertex = words[1] == "vertex"
            count = int(words[2]) if in_vertex else count
        elif words[:1] == ["property"] and in_vertex:
            fields.append((words[2], kinds[words[1]]))
    return np.dtype(fields), count
