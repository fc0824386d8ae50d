// Decides, look by look, when the walking camera keeps a frame; no camera and no page here.
import { difference, type Look } from "./look";
import { SPOTS, VIEWS_PER_SPOT, type Spot } from "./model";

const KEEP_MILLISECONDS = 900;
const CHANGED_MEAN = 9;
const SHARP_SHARE = 0.55;
const FORGET_SHARE = 0.985;
const DARK_MEAN = 35;
/** A person who never stops moves on after this many frames. */
const VIEWS_PER_SPOT_MAX = 3 * VIEWS_PER_SPOT;

export type Verdict = "keep" | "wait" | "blurred" | "dark" | "stand";

export class Walk {
  private kept: Look | null = null;
  private keptAt = Number.NEGATIVE_INFINITY;
  private sharpest = 0;
  private frames = 0;

  constructor(private index: number) {}

  /** The spot that the present stretch starts from. */
  get spot(): Spot {
    return SPOTS[this.index % SPOTS.length] ?? "front";
  }

  get nextSpot(): Spot {
    return SPOTS[(this.index + 1) % SPOTS.length] ?? "front";
  }

  /** Whether this stretch has enough, so that the next still picture is due. */
  get full(): boolean {
    return this.frames >= VIEWS_PER_SPOT;
  }

  judge(look: Look, now: number): Verdict {
    this.sharpest = Math.max(look.sharpness, this.sharpest * FORGET_SHARE);
    if (look.mean < DARK_MEAN) return "dark";
    const changed = !this.kept || difference(look, this.kept) > CHANGED_MEAN;
    if (now - this.keptAt < KEEP_MILLISECONDS || !changed) return this.full ? "stand" : "wait";
    if (look.sharpness < SHARP_SHARE * this.sharpest) return "blurred";
    this.kept = look;
    this.keptAt = now;
    this.frames += 1;
    if (this.frames > VIEWS_PER_SPOT_MAX) this.advance();
    return "keep";
  }

  /** A still picture was taken by hand: the spot it belongs to. */
  still(): Spot {
    if (this.full) this.advance();
    this.frames += 1;
    return this.spot;
  }

  advance(): void {
    this.index += 1;
    this.frames = 0;
  }
}
