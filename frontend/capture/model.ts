// What the phone knows of its shots; the rules that need no browser.

export const SPOTS = [
  "front",
  "front-right",
  "right",
  "back-right",
  "back",
  "back-left",
  "left",
  "front-left",
] as const;
export type Spot = (typeof SPOTS)[number];
export type Kind = "photo" | "video";
/** The building that comes with every capture; others have spots of their own. */
export const HOUSE = "house";

/** A model needs about this many views; below it, the person is told. */
export const VIEWS_WANTED = 40;
/** From this many on it can be told where a walk is broken; of fewer it is said that they are few. */
export const VIEWS_JUDGED = 24;
/** With these from every spot the ring is full. */
export const VIEWS_PER_SPOT = 5;

/** One file that was taken; its bytes lie beside it in the shelf. */
export interface Shot {
  id: string;
  capture: string;
  kind: Kind;
  spot: Spot | null;
  /** The building on the plot that it shows. */
  structure: string;
  sequence: number;
  name: string;
  type: string;
  size: number;
  sha256: string | null;
  /** Where the upload lives on the server, so that it resumes. */
  upload: string | null;
  /** The server has it, and its hash equals ours. */
  safe: boolean;
  serverId: string | null;
  problem: string | null;
  hints: string[];
}

export type SpotState = "none" | "kept" | "safe" | "skipped" | "problem";

export type Skips = Partial<Record<Spot, string>>;

export function isSpot(name: string): name is Spot {
  return (SPOTS as readonly string[]).includes(name);
}

/** Steps from one spot to the other on the shorter way round. */
export function spotsApart(one: Spot, other: Spot): number {
  const forth = Math.abs(SPOTS.indexOf(one) - SPOTS.indexOf(other));
  return Math.min(forth, SPOTS.length - forth);
}

export function spotState(shots: Shot[], spot: Spot, skips: Skips): SpotState {
  const here = shots.filter((shot) => shot.spot === spot);
  if (here.length === 0) return skips[spot] ? "skipped" : "none";
  if (here.some((shot) => shot.problem)) return "problem";
  return here.every((shot) => shot.safe) ? "safe" : "kept";
}

/** The first spot of the walk that has nothing yet and can be reached. */
export function nextSpot(shots: Shot[], skips: Skips): Spot | null {
  const taken = new Set(shots.map((shot) => shot.spot));
  return SPOTS.find((spot) => !taken.has(spot) && !skips[spot]) ?? null;
}

/** The spots of a second visit for which nothing is on its way yet. */
export function stillWanted(shots: Shot[], wanted: Spot[]): Spot[] {
  const sending = new Set(shots.filter((shot) => !shot.safe && !shot.problem).map((shot) => shot.spot));
  return wanted.filter((spot) => !sending.has(spot));
}

/** The spots without any picture, for which no reason was given. */
export function missingSpots(shots: Shot[], skips: Skips): Spot[] {
  const taken = new Set(shots.map((shot) => shot.spot));
  return SPOTS.filter((spot) => !taken.has(spot) && !skips[spot]);
}

/** Whether there is enough for a model, as far as counting can tell. */
export function isEnough(shots: Shot[]): boolean {
  const house = shots.filter((shot) => shot.structure === HOUSE);
  const photos = house.filter((shot) => shot.kind === "photo" && !shot.problem);
  return photos.length >= VIEWS_WANTED || house.some((shot) => shot.kind === "video");
}
