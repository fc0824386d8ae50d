// The distance between two points of the house, with the range that it honestly has.
import { BufferGeometry, Line, LineBasicMaterial, Vector2, Vector3 } from "three";
import { CSS2DObject } from "three/addons/renderers/CSS2DRenderer.js";
import type { Paints } from "./colours";
import type { House } from "./house";
import type { Picking, Place } from "./picking";
import type { Part } from "./scene";
import { lengthText, type Units } from "./units";

/** Half of a 90 % interval in standard deviations, as everywhere in the record. */
const RANGE_SIGMAS = 1.645;
/** Where a record has no edge that tells how well edges are known. */
const PLACE_SIGMA_M = 0.05;
/** How well a hand or an eye holds a free point. */
const FREE_PIXELS = 3;
const SAME_M = 0.002;

export type Measured = { metres: number; range: number; part: Part | null };

export class Measuring {
  private readonly line: Line;
  private readonly paint_ = new LineBasicMaterial({ depthTest: false, transparent: true });
  private readonly dots: CSS2DObject[];
  private readonly result = new CSS2DObject(document.createElement("span"));
  private ends: { place: Place; free: number }[] = [];
  private units: Units = "feet";

  constructor(private readonly house: House, private readonly picking: Picking, private readonly told: (text: string) => void) {
    const { scene } = house.stage;
    this.line = new Line(new BufferGeometry().setFromPoints([new Vector3(), new Vector3()]), this.paint_);
    this.line.renderOrder = 5;
    this.line.frustumCulled = false;
    this.dots = ["from", "to", "aim"].map((name) => {
      const dot = new CSS2DObject(document.createElement("span"));
      dot.element.className = `viewer-dot ${name}`;
      return dot;
    });
    this.result.element.className = "viewer-label measured";
    scene.add(this.line, this.result, ...this.dots);
    this.clear();
  }

  get isPossible(): boolean {
    return this.house.told.scaled && this.house.isDrawable;
  }

  paint(paints: Paints): void {
    this.paint_.color.copy(paints.door);
  }

  write(units: Units): void {
    this.units = units;
    this.draw();
  }

  /** Take the place under the pointer: the first end, the second, and then a new first. */
  take(at: Vector2, isFinger: boolean): void {
    const place = this.picking.place(at, isFinger);
    if (place) this.takePlace(place);
  }

  takePlace(place: Place, number = this.ends.length % 2): void {
    if (number === 0) this.ends = [];
    const free = place.kind === "face" ? this.picking.metresPerPixel(place.point) * FREE_PIXELS : 0;
    this.ends[number] = { place, free };
    this.aim(null, false);
    this.draw();
    this.told(this.sentence());
  }

  /** Show what a press would take. */
  aim(at: Vector2 | null, isFinger: boolean): void {
    const place = at && this.picking.place(at, isFinger);
    const aim = this.dots[2]!;
    aim.visible = place !== null;
    if (place) aim.position.copy(place.point);
    aim.element.classList.toggle("held", place?.kind !== "face");
    this.house.stage.invalidate();
  }

  clear(): void {
    this.ends = [];
    this.aim(null, false);
    this.draw();
  }

  /** The distance, once there are two ends. */
  measured(): Measured | null {
    const [from, to] = this.ends;
    if (!from || !to || !this.isPossible) return null;
    const edge = this.edgeBetween(from.place.point, to.place.point);
    if (edge) return { metres: edge.length_m!, range: edge.range_m ?? 0, part: edge };
    const metres = from.place.point.distanceTo(to.place.point);
    const scale = metres * (this.house.told.scale_share ?? 0);
    return { metres, range: RANGE_SIGMAS * Math.hypot(scale, this.placeSigma(), from.free, to.free), part: null };
  }

  private sentence(): string {
    const measured = this.measured();
    if (!measured) return "One end is set. Choose the other one.";
    const other: Units = this.units === "feet" ? "metres" : "feet";
    const { metres, range, part } = measured;
    const said = `${lengthText(metres, range, this.units)} (${lengthText(metres, range, other)})`;
    if (part) return `${said}: the whole of ${part.title}, as the record has it.`;
    const isFree = this.ends.some(({ place }) => place.kind === "face");
    return `${said} in a straight line. The range holds the scale and ${isFree ? "how well a free point can be set" : "the place of both ends"}; 9 of 10 true values lie within it.`;
  }

  /** The record's own edge between these points: its length and range are known better. */
  private edgeBetween(from: Vector3, to: Vector3): Part | null {
    for (const part of this.house.parts.values()) {
      const [a, b] = this.house.corners(part);
      if (part.kind !== "edge" || part.length_m === null || !a || !b) continue;
      const along = a.distanceTo(from) + b.distanceTo(to);
      const against = a.distanceTo(to) + b.distanceTo(from);
      if (Math.min(along, against) < SAME_M) return part;
    }
    return null;
  }

  /** What is left of the edges' ranges without the scale's part: the error of their places. */
  private placeSigma(): number {
    const share = this.house.told.scale_share ?? 0;
    const found = this.house.told.parts.flatMap((part) => {
      if (part.kind !== "edge" || part.length_m === null || part.range_m === null) return [];
      const own = (part.range_m / RANGE_SIGMAS) ** 2 - (part.length_m * share) ** 2;
      return [Math.sqrt(Math.max(0, own))];
    });
    return found.length ? Math.max(...found) : PLACE_SIGMA_M;
  }

  private draw(): void {
    const points = this.ends.map(({ place }) => place.point);
    points.forEach((point, index) => this.dots[index]!.position.copy(point));
    this.dots[0]!.visible = points.length > 0;
    this.dots[1]!.visible = points.length > 1;
    const measured = this.measured();
    this.line.visible = this.result.visible = measured !== null;
    if (measured) {
      this.line.geometry.setFromPoints(points);
      this.result.position.copy(points[0]!).add(points[1]!).multiplyScalar(0.5);
      this.result.element.textContent = lengthText(measured.metres, measured.range, this.units);
    }
    this.house.stage.invalidate();
  }
}
