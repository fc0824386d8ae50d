// The lengths of the edges, written where there is room: the longest first, none over another.
import { Vector3 } from "three";
import { CSS2DObject } from "three/addons/renderers/CSS2DRenderer.js";
import type { House } from "./house";
import type { Part } from "./scene";
import { lengthText, type Units } from "./units";

const GAP_PIXELS = 4;
const EDGE_PIXELS_MIN = 46;

type Label = { part: Part; object: CSS2DObject; ends: [Vector3, Vector3]; middle: Vector3; size: [number, number] };

export class Labels {
  private readonly labels: Label[] = [];
  private chosen = "";
  private isOn = false;

  constructor(private readonly house: House) {
    for (const part of house.parts.values()) {
      const [from, to] = house.corners(part);
      if (part.kind !== "edge" || part.length_m === null || !from || !to) continue;
      const object = new CSS2DObject(document.createElement("span"));
      object.element.className = "viewer-label";
      object.visible = false;
      const middle = from.clone().add(to).multiplyScalar(0.5);
      object.position.copy(middle);
      house.stage.scene.add(object);
      this.labels.push({ part, object, ends: [from, to], middle, size: [0, 0] });
    }
    this.labels.sort((one, other) => (other.part.length_m ?? 0) - (one.part.length_m ?? 0));
    house.stage.afterDrawing.push(() => this.place());
  }

  get count(): number {
    return this.labels.length;
  }

  show(isOn: boolean): void {
    this.isOn = isOn;
    this.house.stage.invalidate();
  }

  choose(id: string): void {
    this.chosen = id;
  }

  write(units: Units): void {
    for (const { part, object } of this.labels) object.element.textContent = lengthText(part.length_m!, part.range_m, units);
    for (const label of this.labels) label.size = [0, 0];
    this.house.stage.invalidate();
  }

  /** The labels that are shown now, with their places in pixels, for a picture. */
  shown(): { text: string; x: number; y: number }[] {
    return this.labels.filter(({ object }) => object.visible).map(({ object, middle }) => {
      const { x, y } = this.pixels(middle);
      return { text: object.element.textContent ?? "", x, y };
    });
  }

  private place(): void {
    const taken: [number, number, number, number][] = [];
    const first = this.labels.filter(({ part }) => part.id === this.chosen);
    for (const label of new Set([...first, ...this.labels])) {
      const isChosen = label.part.id === this.chosen;
      label.object.element.classList.toggle("chosen", isChosen);
      label.object.visible = (this.isOn || isChosen) && this.hasRoom(label, taken, isChosen);
    }
  }

  private hasRoom(label: Label, taken: [number, number, number, number][], isChosen: boolean): boolean {
    const { x, y, z } = this.pixels(label.middle);
    if (Math.abs(z) > 1) return false;
    const [from, to] = label.ends.map((end) => this.pixels(end)) as [Vector3, Vector3];
    if (!isChosen && Math.hypot(from.x - to.x, from.y - to.y) < EDGE_PIXELS_MIN) return false;
    if (!isChosen && !this.house.sees(label.middle, this.house.stage.camera)) return false;
    const [width, height] = this.sizeOf(label);
    const box: [number, number, number, number] = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    const meets = taken.some(([left, top, right, bottom]) =>
      box[0] < right + GAP_PIXELS && box[2] > left - GAP_PIXELS && box[1] < bottom + GAP_PIXELS && box[3] > top - GAP_PIXELS);
    if (meets) return false;
    taken.push(box);
    return true;
  }

  /** Asked of the page once for each text, since that costs a layout. */
  private sizeOf(label: Label): [number, number] {
    if (!label.size[0]) label.size = [label.object.element.offsetWidth, label.object.element.offsetHeight];
    return label.size[0] ? label.size : [(label.object.element.textContent?.length ?? 0) * 7 + 12, 22];
  }

  private pixels(point: Vector3): Vector3 {
    const { camera, view } = this.house.stage;
    const place = point.clone().project(camera);
    return new Vector3(((place.x + 1) / 2) * view.clientWidth, ((1 - place.y) / 2) * view.clientHeight, place.z);
  }
}
