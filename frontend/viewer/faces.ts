// Which mesh of the model is which wall or slope of the record.
import { Box3, BufferGeometry, Float32BufferAttribute, type Mesh, Plane, Vector3 } from "three";
import { toPicture } from "./frame";
import type { Part } from "./scene";

const NEAR_SHARE = 0.003;
const LEVEL_MAX = 0.05;
const SIDE_MIN = 0.9;
const PITCH_DEGREES_MAX = 3;
const SIDES: Record<string, Vector3> = {
  front: new Vector3(0, 0, 1), right: new Vector3(1, 0, 0), back: new Vector3(0, 0, -1), left: new Vector3(-1, 0, 0),
};

/**
 * A part's id for each mesh that is one. A part with corners is every mesh that lies in its plane
 * within them. One without, as where there is no scale, is the mesh at its place in the file, which
 * begins with the walls and goes on with the slopes; it has to face the part's side at its pitch.
 */
export function nameMeshes(meshes: Mesh[], parts: Part[], size: number): Map<Mesh, string> {
  const named = new Map<Mesh, string>();
  const faces = parts.filter((part) => part.kind === "wall" || part.kind === "roof");
  const left = new Set(meshes);
  const give = (mesh: Mesh | undefined, part: Part) => {
    if (!mesh || !left.delete(mesh)) return;
    named.set(mesh, part.id);
  };
  for (const part of faces) {
    if (!part.corners.length) continue;
    for (const mesh of meshes) if (lies(mesh, part, size * NEAR_SHARE)) give(mesh, part);
  }
  faces.forEach((part, index) => {
    const mesh = meshes[index];
    if (!part.corners.length && mesh && fits(mesh, part)) give(mesh, part);
  });
  return named;
}

/** Whether the record's corners lie where the model's do: if not, nothing of it can be drawn. */
export function isInFrame(parts: Part[], named: Map<Mesh, string>): boolean {
  const ids = new Set(named.values());
  return parts.some((part) => part.corners.length > 0 && ids.has(part.id));
}

/** A flat polygon as triangles seen from its first corner. */
export function polygon(corners: Vector3[]): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new Float32BufferAttribute(corners.flatMap((one) => one.toArray()), 3));
  geometry.setIndex(corners.slice(2).flatMap((_, index) => [0, index + 1, index + 2]));
  geometry.computeVertexNormals();
  return geometry;
}

/** The corners of a mesh in the picture's frame. */
export function cornersOf(mesh: Mesh): Vector3[] {
  const place = mesh.geometry.getAttribute("position");
  return Array.from({ length: place.count }, (_, index) =>
    new Vector3().fromBufferAttribute(place, index).applyMatrix4(mesh.matrixWorld));
}

/** Whether all of a mesh is in the part's plane, and its middle within the part. */
function lies(mesh: Mesh, part: Part, near: number): boolean {
  const corners = part.corners.map(toPicture);
  const plane = new Plane().setFromCoplanarPoints(corners[0]!, corners[1]!, corners[2]!);
  const own = cornersOf(mesh);
  if (!own.every((corner) => Math.abs(plane.distanceToPoint(corner)) < near)) return false;
  const middle = new Box3().setFromPoints(own).getCenter(new Vector3());
  return new Box3().setFromPoints(corners).expandByScalar(near).containsPoint(middle);
}

function fits(mesh: Mesh, part: Part): boolean {
  const [a, b, c] = cornersOf(mesh);
  if (!a || !b || !c) return false;
  const normal = b.sub(a).cross(c.sub(a)).normalize();
  if (part.kind === "roof" && normal.y < 0) normal.negate();
  const level = new Vector3(normal.x, 0, normal.z);
  const side = SIDES[part.side];
  const faces = !side || Math.abs(level.normalize().dot(side)) > SIDE_MIN;
  if (part.kind === "wall") return Math.abs(normal.y) < LEVEL_MAX && faces;
  const pitch = (Math.acos(Math.min(1, Math.abs(normal.y))) * 180) / Math.PI;
  return faces && part.pitch_deg !== null && Math.abs(pitch - part.pitch_deg) < PITCH_DEGREES_MAX;
}
