// One part is chosen at a time: in the picture, in the list, or elsewhere on the page.
import { Vector3 } from "three";
import { Highlight } from "./highlight";
import type { House } from "./house";
import type { Labels } from "./labels";
import { announce, markListed, onAnnounced, onListed } from "./list";
import { say } from "./page";
import type { Part } from "./scene";
import type { Views } from "./views";

const HINT = "Choose a wall, a slope, an opening or an edge, in the picture or in the list.";

export class Choosing {
  readonly highlight: Highlight;
  private chosen = "";

  constructor(private readonly root: HTMLElement, private readonly house: House, private readonly views: Views, private readonly labels: Labels, signal: AbortSignal) {
    this.highlight = new Highlight(house);
    onListed(root, (id) => this.choose(id, true), signal);
    onAnnounced(root, (id) => {
      if (id === this.chosen) return;
      if (id) this.choose(id, true, false);
      else this.clear(false);
    }, signal);
  }

  /** Show a part, tell the page unless it told us, and turn to it where the camera is behind it. */
  choose(id: string, turn: boolean, aloud = true): void {
    const part = this.house.parts.get(id);
    if (!part) return;
    const isNew = id !== this.chosen && aloud;
    this.mark(part);
    say(this.root, sentence(part, this.house.told.scaled));
    if (turn) this.turnTo(part);
    if (isNew) announce(this.root, id);
  }

  clear(aloud = true): void {
    const hadOne = this.chosen !== "" && aloud;
    this.mark(null);
    say(this.root, HINT);
    if (hadOne) announce(this.root, "");
  }

  private mark(part: Part | null): void {
    this.chosen = part?.id ?? "";
    this.labels.choose(this.chosen);
    this.highlight.show(part);
    markListed(this.root, this.chosen);
  }

  private turnTo(part: Part): void {
    const own = this.house.meshesOf(part.id);
    const corners = this.house.corners(part);
    const points = corners.length ? corners : own.flatMap((mesh) => {
      mesh.geometry.computeBoundingBox();
      return [mesh.geometry.boundingBox!.getCenter(new Vector3())];
    });
    if (points.length === 0) return;
    const middle = points.reduce((sum, one) => sum.add(one), new Vector3()).divideScalar(points.length);
    if (this.house.sees(middle, this.house.stage.camera)) return;
    const centre = this.house.stage.box.getCenter(new Vector3());
    this.views.face(middle, outwards(points, middle.clone().sub(centre)));
  }
}

/** A face's own direction, on the side that lies away from the middle; an edge's from the middle. */
function outwards(corners: Vector3[], away: Vector3): Vector3 {
  if (corners.length < 3) return away.normalize();
  const [a, b, c] = corners as [Vector3, Vector3, Vector3];
  const normal = b.clone().sub(a).cross(c.clone().sub(a)).normalize();
  return normal.dot(away) < 0 ? normal.negate() : normal;
}

function sentence(part: Part, isScaled: boolean): string {
  const figures = part.figures.map(({ name, feet, metres }) => `${name.toLowerCase()} ${feet}${metres ? ` (${metres})` : ""}`);
  const sizes = figures.length ? figures.join(", ") : isScaled ? "not measured" : "no size, because the photos have no scale";
  const about = part.about && !part.title.includes(part.about) ? `, ${part.about}` : "";
  return `${part.title}${about}: ${sizes}.`;
}
