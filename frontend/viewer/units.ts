// Lengths as people read them. `measured/words.py` says the same on the page's server.

export type Units = "feet" | "metres";

const FEET_PER_METRE = 1 / 0.3048;
const KEPT_AS = "doorstep-units";

export function chosenUnits(): Units {
  try {
    return localStorage.getItem(KEPT_AS) === "metres" ? "metres" : "feet";
  } catch {
    return "feet";
  }
}

export function keepUnits(units: Units): void {
  try {
    localStorage.setItem(KEPT_AS, units);
  } catch {
    // A browser that keeps nothing shows feet the next time.
  }
}

/** A length with its range, which is rounded up so that it never reads as none. */
export function lengthText(metres: number, range: number | null, units: Units): string {
  const [factor, places, unit] = units === "feet" ? [FEET_PER_METRE, 1, "ft"] as const : [1, 2, "m"] as const;
  const step = 10 ** -places;
  let text = (metres * factor).toFixed(places);
  if (range !== null) text += ` ± ${(Math.ceil(Number((range * factor / step).toFixed(6))) * step).toFixed(places)}`;
  return `${text} ${unit}`.replaceAll(" ", "\u00a0");
}
