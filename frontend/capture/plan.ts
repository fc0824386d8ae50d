// The house from above: a ring that fills as the walk goes on, and eight dots to stand on.
import { SPOTS, VIEWS_PER_SPOT, type Shot, type Skips, type Spot, spotState } from "./model";
import { say } from "./words";

const SVG = "http://www.w3.org/2000/svg";
const CENTRE = 160;
const RADIUS = 128;
const GAP_DEGREES = 11;

/** Draw the empty ring: one arc from each spot to the next. */
export function drawRing(group: Element): void {
  group.replaceChildren(
    ...SPOTS.map((spot, i) => {
      const arc = document.createElementNS(SVG, "path");
      arc.setAttribute("d", arcPath(i));
      arc.setAttribute("pathLength", "1");
      arc.setAttribute("class", "arc");
      arc.dataset["spot"] = spot;
      return arc;
    }),
  );
}

export function fillRing(group: Element, shots: Shot[]): void {
  for (const arc of group.querySelectorAll<SVGPathElement>(".arc")) {
    const here = shots.filter((shot) => shot.spot === arc.dataset["spot"]).length;
    const share = Math.min(1, here / VIEWS_PER_SPOT);
    arc.style.setProperty("--share", String(share));
    arc.classList.toggle("begun", share > 0);
  }
}

/** The dots' looks and names: hollow on this phone only, solid when safe. */
export function markSpots(
  map: Element,
  shots: Shot[],
  { skips, next, wanted }: { skips: Skips; next: Spot | null; wanted: Spot[] },
): void {
  for (const dot of map.querySelectorAll<HTMLButtonElement>(".spot")) {
    const spot = dot.dataset["spot"] as Spot;
    const state = wanted.includes(spot) ? "none" : spotState(shots, spot, skips);
    const count = shots.filter((shot) => shot.spot === spot).length;
    dot.dataset["state"] = state;
    dot.classList.toggle("is-next", spot === next);
    const mark = { none: "", kept: String(count), safe: String(count), skipped: "–", problem: "!" };
    dot.firstElementChild!.textContent = mark[state];
    const told = say(`app.state_${state}`, { n: count });
    dot.setAttribute("aria-label", say("app.spot_label", { spot: say(`spots.${spot}`), state: told }));
  }
}

/** From spot `i` to the next, counter-clockwise from the street, as one walks to the right. */
function arcPath(i: number): string {
  const point = (degrees: number) => {
    const angle = (degrees * Math.PI) / 180;
    return `${(CENTRE + RADIUS * Math.cos(angle)).toFixed(1)} ${(CENTRE + RADIUS * Math.sin(angle)).toFixed(1)}`;
  };
  const start = 90 - i * 45;
  return `M${point(start - GAP_DEGREES)}A${RADIUS} ${RADIUS} 0 0 0 ${point(start - 45 + GAP_DEGREES)}`;
}
