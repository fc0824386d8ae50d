// Thin lines along the house's edges and round its openings, in two draw calls.
import { BufferGeometry, LineBasicMaterial, LineSegments, type Vector3 } from "three";
import type { Paints } from "./colours";
import type { House } from "./house";
import type { Part } from "./scene";

export class Outlines {
  private readonly edges = new LineBasicMaterial({ transparent: true, opacity: 0.55 });
  private readonly openings = new LineBasicMaterial({ transparent: true, opacity: 0.9 });

  constructor(house: House) {
    const parts = [...house.parts.values()];
    const draw = (kind: Part["kind"], material: LineBasicMaterial) => {
      const points = parts.filter((part) => part.kind === kind).flatMap((part) => sides(house.corners(part)));
      const lines = new LineSegments(new BufferGeometry().setFromPoints(points), material);
      lines.visible = points.length > 0;
      house.stage.scene.add(lines);
    };
    draw("edge", this.edges);
    draw("opening", this.openings);
  }

  paint(paints: Paints): void {
    this.edges.color.copy(paints.ink);
    this.openings.color.copy(paints.lamp);
  }
}

/** The two ends of each side of a face; a line has one side. */
export function sides(corners: Vector3[]): Vector3[] {
  if (corners.length === 2) return corners;
  return corners.flatMap((one, index) => [one, corners[(index + 1) % corners.length]!]);
}
