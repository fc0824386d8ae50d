// What a pointer points at: corners before edges, edges before openings, openings before faces.
import { Line3, Plane, Vector2, Vector3 } from "three";
import type { House } from "./house";
import { sides } from "./outlines";
import type { Part } from "./scene";

const EDGE_PIXELS = 7;
const CORNER_PIXELS = 14;
const FINGER = 1.6;

/** A place on the house; `kind` says what it holds on to, `part` which edge, opening or face. */
export type Place = { point: Vector3; kind: "corner" | "edge" | "face"; part: string | null };

export class Picking {
  private readonly lines: { part: Part; line: Line3 }[] = [];

  constructor(private readonly house: House) {
    for (const part of house.parts.values()) {
      const ends = sides(house.corners(part));
      if (part.kind === "wall" || part.kind === "roof") continue;
      for (let index = 0; index + 1 < ends.length; index += 2) {
        this.lines.push({ part, line: new Line3(ends[index]!, ends[index + 1]!) });
      }
    }
  }

  /** The id of the part under the pointer. */
  part(at: Vector2, isFinger: boolean): string | null {
    const hit = this.house.hit(this.share(at), this.camera);
    const edge = this.nearest(at, EDGE_PIXELS * (isFinger ? FINGER : 1), (one) => one.kind === "edge");
    if (edge) return edge.part.id;
    if (!hit) return null;
    const opening = [...this.house.parts.values()].find((one) => one.kind === "opening" && holds(this.house.corners(one), hit.point));
    return opening?.id ?? hit.part;
  }

  /** A point to measure from: a corner, else the nearest place of an edge, else the face itself. */
  place(at: Vector2, isFinger: boolean): Place | null {
    const wide = isFinger ? FINGER : 1;
    let best: { point: Vector3; away: number } | null = null;
    for (const { line } of this.lines) {
      for (const point of [line.start, line.end]) {
        const away = this.pixels(point).distanceTo(at);
        if (away < Math.min(best?.away ?? Infinity, CORNER_PIXELS * wide) && this.sees(point)) best = { point, away };
      }
    }
    if (best) return { point: best.point.clone(), kind: "corner", part: null };
    const edge = this.nearest(at, EDGE_PIXELS * wide, () => true);
    if (edge) return { point: edge.point, kind: "edge", part: edge.part.id };
    const hit = this.house.hit(this.share(at), this.camera);
    return hit && { point: hit.point, kind: "face", part: hit.part };
  }

  /** How many metres a pixel covers there. */
  metresPerPixel(point: Vector3): number {
    const { camera, view } = this.house.stage;
    return (2 * camera.position.distanceTo(point) * Math.tan((camera.fov * Math.PI) / 360)) / view.clientHeight;
  }

  /** Where a point is in the view, in pixels from its upper left corner. */
  pixels(point: Vector3): Vector2 {
    const { clientWidth: width, clientHeight: height } = this.house.stage.view;
    const { x, y } = point.clone().project(this.camera);
    return new Vector2(((x + 1) / 2) * width, ((1 - y) / 2) * height);
  }

  private get camera() {
    return this.house.stage.camera;
  }

  private share(at: Vector2): Vector2 {
    const { clientWidth: width, clientHeight: height } = this.house.stage.view;
    return new Vector2((at.x / width) * 2 - 1, 1 - (at.y / height) * 2);
  }

  private sees(point: Vector3): boolean {
    return this.house.sees(point, this.camera);
  }

  private nearest(at: Vector2, pixels: number, wanted: (part: Part) => boolean): { part: Part; point: Vector3 } | null {
    let best: { part: Part; point: Vector3; away: number } | null = null;
    for (const { part, line } of this.lines) {
      if (!wanted(part)) continue;
      const point = this.closest(line, at);
      const away = this.pixels(point).distanceTo(at);
      if (away < Math.min(best?.away ?? Infinity, pixels) && this.sees(point)) best = { part, point, away };
    }
    return best;
  }

  /** The place on a line that is drawn nearest to the pointer, found by halving. */
  private closest(line: Line3, at: Vector2): Vector3 {
    let [low, high] = [0, 1];
    const away = (share: number) => this.pixels(line.at(share, new Vector3())).distanceTo(at);
    for (let step = 0; step < 24; step += 1) {
      const third = (high - low) / 3;
      if (away(low + third) < away(high - third)) high -= third;
      else low += third;
    }
    return line.at((low + high) / 2, new Vector3());
  }
}

/** Whether a point of a wall lies within a flat, convex opening in it. */
function holds(corners: Vector3[], point: Vector3): boolean {
  if (corners.length < 3) return false;
  const plane = new Plane().setFromCoplanarPoints(corners[0]!, corners[1]!, corners[2]!);
  const reach = corners[0]!.distanceTo(corners[2]!);
  if (Math.abs(plane.distanceToPoint(point)) > reach * 0.05) return false;
  const turns = corners.map((corner, index) => {
    const side = corners[(index + 1) % corners.length]!.clone().sub(corner);
    return side.cross(point.clone().sub(corner)).dot(plane.normal);
  });
  return turns.every((turn) => turn >= 0) || turns.every((turn) => turn <= 0);
}
