// The model with the record's parts on it: what is where, and what a ray meets.
import { type Camera, type Mesh, Raycaster, Vector2, Vector3 } from "three";
import { isInFrame, nameMeshes } from "./faces";
import { toPicture } from "./frame";
import type { Part, Scene } from "./scene";
import type { Stage } from "./stage";

export type Hit = { point: Vector3; distance: number; part: string | null };

export class House {
  readonly parts: Map<string, Part>;
  readonly named: Map<Mesh, string>;
  /** Whether the record's corners lie on the model: only then are they drawn. */
  readonly isDrawable: boolean;
  private readonly ray = new Raycaster();

  constructor(readonly stage: Stage, readonly meshes: Mesh[], readonly told: Scene) {
    stage.house.add(...meshes);
    stage.enclose();
    this.parts = new Map(told.parts.map((part) => [part.id, part]));
    this.named = nameMeshes(meshes, told.parts, stage.size);
    this.isDrawable = isInFrame(told.parts, this.named);
  }

  /** The corners of a part in the picture; none where they are unknown. */
  corners(part: Part): Vector3[] {
    return this.isDrawable ? part.corners.map(toPicture) : [];
  }

  meshesOf(id: string): Mesh[] {
    return this.meshes.filter((mesh) => this.named.get(mesh) === id);
  }

  /** What the view shows at a place, from -1 to 1 each way: the nearest that no cut hides. */
  hit(place: Vector2, camera: Camera): Hit | null {
    this.ray.setFromCamera(place, camera);
    return this.first();
  }

  /** Whether the camera sees a point of the house, give or take a little. */
  sees(point: Vector3, camera: Camera): boolean {
    if (this.stage.isHidden(point)) return false;
    const way = point.clone().sub(camera.position);
    this.ray.set(camera.position, way.clone().normalize());
    const met = this.first();
    return !met || met.distance > way.length() - this.stage.size * 0.006;
  }

  private first(): Hit | null {
    for (const { point, distance, object } of this.ray.intersectObjects(this.meshes, false)) {
      if (this.stage.isHidden(point)) continue;
      return { point, distance, part: this.named.get(object as Mesh) ?? null };
    }
    return null;
  }
}
