// What is chosen, in the colour of the lamp: a face or an opening filled, an edge as a rod.
import { CylinderGeometry, DoubleSide, Group, Mesh, MeshBasicMaterial, Vector3 } from "three";
import type { Paints } from "./colours";
import { polygon } from "./faces";
import type { House } from "./house";
import type { Part } from "./scene";

const ROD_SHARE = 0.004;
const UP = new Vector3(0, 1, 0);

export class Highlight {
  private readonly group = new Group();
  private readonly filled = new MeshBasicMaterial({
    transparent: true, opacity: 0.42, depthWrite: false, side: DoubleSide, polygonOffset: true, polygonOffsetFactor: -1, polygonOffsetUnits: -1,
  });
  private readonly solid = new MeshBasicMaterial();

  constructor(private readonly house: House) {
    house.stage.scene.add(this.group);
  }

  paint(paints: Paints): void {
    this.filled.color.copy(paints.lamp);
    this.solid.color.copy(paints.lamp);
  }

  show(part: Part | null): void {
    for (const old of this.group.children) {
      const mesh = old as Mesh;
      if (!this.house.meshes.some((one) => one.geometry === mesh.geometry)) mesh.geometry.dispose();
    }
    this.group.clear();
    if (part) this.group.add(...this.drawn(part));
    this.house.stage.invalidate();
  }

  private drawn(part: Part): Mesh[] {
    const corners = this.house.corners(part);
    if (part.kind === "edge") return corners.length === 2 ? [this.rod(corners[0]!, corners[1]!)] : [];
    const own = this.house.meshesOf(part.id);
    const geometries = own.length ? own.map((mesh) => mesh.geometry) : corners.length > 2 ? [polygon(corners)] : [];
    return geometries.map((geometry) => new Mesh(geometry, this.filled));
  }

  private rod(from: Vector3, to: Vector3): Mesh {
    const radius = this.house.stage.size * ROD_SHARE;
    const rod = new Mesh(new CylinderGeometry(radius, radius, from.distanceTo(to), 8), this.solid);
    rod.position.copy(from).add(to).multiplyScalar(0.5);
    rod.quaternion.setFromUnitVectors(UP, to.clone().sub(from).normalize());
    return rod;
  }
}
