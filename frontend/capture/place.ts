// Is this the right house? The phone compares, and sends yes, no or unknown; no position.
import type { Capture } from "./capture";
import { part, show } from "./dom";
import { sayPlace } from "./server";
import { say } from "./words";

const NEAR_METRES = 150;
const VAGUE_METRES = 300;
const WAIT_MILLISECONDS = 20_000;
const EARTH_METRES = 6_371_000;

export type Answer = "yes" | "no" | "unknown";

export class PlaceCheck {
  private asked = false;

  constructor(private readonly capture: Capture) {
    part("place-go").addEventListener("click", () => void this.compare());
    capture.onChange(() => show("place", this.isDue()));
  }

  /** Only where the house's place is known, on a page that may ask the phone for its own. */
  private isDue(): boolean {
    return Boolean(this.capture.state?.place) && window.isSecureContext && "geolocation" in navigator;
  }

  private async compare(): Promise<void> {
    const house = this.capture.state?.place;
    if (!house || this.asked) return;
    this.asked = true;
    part("place-said").textContent = say("place.looking");
    const here = await position();
    const metres = here && Math.round(distance(house, [here.latitude, here.longitude]));
    const answer = here && metres !== null ? judge(metres, here.accuracy) : "unknown";
    const allowed = part<HTMLInputElement>("place-more").checked && metres !== null;
    part("place-said").textContent = say(`place.${answer}`);
    this.asked = false;
    await sayPlace(answer, allowed ? metres : null).catch(() => undefined);
  }
}

function judge(metres: number, accuracy: number): Answer {
  if (accuracy > VAGUE_METRES) return "unknown";
  return metres - accuracy <= NEAR_METRES ? "yes" : "no";
}

function position(): Promise<GeolocationCoordinates | null> {
  const options = { enableHighAccuracy: true, timeout: WAIT_MILLISECONDS, maximumAge: 0 };
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(({ coords }) => resolve(coords), () => resolve(null), options);
  });
}

/** Along the ground, on a round earth: good to half a percent. */
function distance([lat, lon]: [number, number], [otherLat, otherLon]: [number, number]): number {
  const radians = Math.PI / 180;
  const north = Math.sin(((otherLat - lat) * radians) / 2) ** 2;
  const east = Math.sin(((otherLon - lon) * radians) / 2) ** 2;
  const share = north + Math.cos(lat * radians) * Math.cos(otherLat * radians) * east;
  return 2 * EARTH_METRES * Math.asin(Math.sqrt(share));
}
