// Measuring from corner to corner without a pointer: every corner has a name in two lists.
import type { Vector3 } from "three";
import type { House } from "./house";
import type { Measuring } from "./measuring";
import { find, say } from "./page";

const SAME_M = 0.02;
export const NO_SCALE = "These photos have no scale, so no length can be measured. A printed marker sheet in the photos or one measured length gives the scale.";
export const NO_FRAME = "This model has no flat faces, so nothing can be measured on it. The numbers in the list hold.";

export function fillMeasurePanel(root: HTMLElement, house: House, measuring: Measuring, signal: AbortSignal): void {
  const lists = ["from", "to"].map((name) => find<HTMLSelectElement>(root, name));
  const corners = named(house);
  for (const list of lists) {
    list.replaceChildren(new Option("Choose a corner", ""), ...corners.map(({ name }, index) => new Option(name, String(index))));
  }
  const changed = (number: number) => {
    const places = lists.map((list) => corners[Number(list.value || -1)]);
    if (!places[number]) return;
    const [from, to] = places;
    // The first one is given again, since the second belongs to it.
    if (from) measuring.takePlace({ point: from.point, kind: "corner", part: null }, 0);
    if (from && to) measuring.takePlace({ point: to.point, kind: "corner", part: null }, 1);
  };
  lists.forEach((list, number) => list.addEventListener("change", () => changed(number), { signal }));
  find(root, "measure-clear").addEventListener("click", () => {
    for (const list of lists) list.value = "";
    measuring.clear();
    say(root, "Nothing is measured.");
  }, { signal });
}

/** Each corner once, by the part that comes first: walls, slopes, openings, edges. */
function named(house: House): { name: string; point: Vector3 }[] {
  const found: { name: string; point: Vector3 }[] = [];
  for (const part of house.parts.values()) {
    const corners = house.corners(part);
    corners.forEach((point, index) => {
      if (found.some((one) => one.point.distanceTo(point) < SAME_M)) return;
      found.push({ name: `${part.title}, ${corners.length === 2 ? "end" : "corner"} ${index + 1}`, point });
    });
  }
  return found;
}
