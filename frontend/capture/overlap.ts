// Ready to finish? Where neighbouring pictures do not overlap, with both of them to see.
import type { Capture } from "./capture";
import { part, show } from "./dom";
import { HOUSE, isSpot, type Shot, type Spot, spotsApart, VIEWS_JUDGED } from "./model";
import * as server from "./server";
import { say } from "./words";

const ASK_MILLISECONDS = 700;
/** Nobody is kept for longer; the frames of a video take the server a while to open. */
const WAIT_MILLISECONDS_MAX = 15_000;
const VIDEO_WAIT_MILLISECONDS_MAX = 90_000;
const GAPS_SHOWN_MAX = 3;

type Take = (files: File[], spot: Spot | null) => Promise<void>;
type Choice = "finish" | "more" | "back";

export class Overlap {
  private leave: (() => void) | null = null;
  private choose: ((choice: Choice) => void) | null = null;

  constructor(
    private readonly capture: Capture,
    private readonly take: Take,
  ) {
    const sheet = part<HTMLDialogElement>("gap-sheet");
    part("look-leave").addEventListener("click", () => this.leave?.());
    part("gap-finish").addEventListener("click", () => this.choose?.("finish"));
    part("gap-back").addEventListener("click", () => this.choose?.("back"));
    sheet.addEventListener("close", () => this.choose?.("back"));
  }

  /** Whether nothing speaks against finishing, or the person wants to finish all the same. */
  async letsFinish(): Promise<boolean> {
    const { notes, shots } = this.capture;
    if (notes.anyway === shots.length || !isWorthALook(shots)) return true;
    const found = await this.look(shots);
    if (!this.capture.notes.finishing) return false;
    if (!found || found.gaps.length === 0) return true;
    const choice = await this.offer(found.gaps);
    if (choice === "finish") await this.capture.jot({ anyway: shots.length });
    if (choice === "back") await this.capture.jot({ finishing: false });
    return choice === "finish";
  }

  /** What the server says, or null when it says nothing in time, or nobody wants to wait. */
  private async look(shots: Shot[]): Promise<server.Coverage | null> {
    const video = shots.some((shot) => shot.kind === "video");
    const until = performance.now() + (video ? VIDEO_WAIT_MILLISECONDS_MAX : WAIT_MILLISECONDS_MAX);
    const left = new Promise<null>((resolve) => {
      this.leave = () => resolve(null);
    });
    this.show(true);
    try {
      for (;;) {
        const known = await Promise.race([this.ask(), left]);
        const going = known?.state === "waiting" || known?.state === "asked";
        if (!known || !going) return known?.state === "judged" ? known : null;
        if (performance.now() > until || !this.capture.notes.finishing) return null;
        if ((await Promise.race([pause(ASK_MILLISECONDS), left])) === null) return null;
      }
    } finally {
      this.leave = null;
      this.show(false);
    }
  }

  private show(looking: boolean): void {
    show("finish-look", looking);
    show("finish-count", !looking);
    show("finish-bar", !looking);
  }

  private async ask(): Promise<server.Coverage | null> {
    try {
      return await server.coverage(this.capture.notes.skips);
    } catch {
      return null;
    }
  }

  private async offer(gaps: server.Gap[]): Promise<Choice> {
    const sheet = part<HTMLDialogElement>("gap-sheet");
    const rows = gaps.slice(0, GAPS_SHOWN_MAX).map((gap) => this.rowOf(gap));
    rows[0]?.querySelector("label")?.classList.replace("secondary", "primary");
    part("gap-list").replaceChildren(...rows);
    const more = gaps.length - GAPS_SHOWN_MAX;
    const told = say(more === 1 ? "overlap.more_1" : "overlap.more", { n: more });
    part("gap-more").textContent = more > 0 ? told : "";
    sheet.showModal();
    const choice = await new Promise<Choice>((resolve) => {
      this.choose = resolve;
    });
    this.choose = null;
    sheet.close();
    return choice;
  }

  /** One gap: the two pictures, where it is, and the camera for the one that is missing. */
  private rowOf(gap: server.Gap): HTMLElement {
    const row = document.createElement("li");
    const text = document.createElement("p");
    text.textContent = sentenceOf(gap);
    const pair = document.createElement("div");
    pair.className = "gap-pair";
    const hole = document.createElement("span");
    hole.className = "gap-hole";
    hole.setAttribute("aria-hidden", "true");
    hole.textContent = "?";
    const names = { before: say("overlap.before"), after: say("overlap.after") };
    pair.append(pictureOf(gap.before, names.before), hole, pictureOf(gap.after, names.after));
    row.append(text, pair, this.takeOf(gap));
    return row;
  }

  private takeOf(gap: server.Gap): HTMLElement {
    const label = document.createElement("label");
    label.className = "secondary";
    label.textContent = say("overlap.take");
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept: "image/*", multiple: true });
    input.setAttribute("capture", "environment");
    input.setAttribute("aria-label", `${say("overlap.take")}: ${sentenceOf(gap)}`);
    input.addEventListener("change", () => {
      const files = Array.from(input.files ?? []);
      if (!files.length) return;
      const spot = gap.before_spot ?? gap.after_spot;
      void this.keep(files, spot && isSpot(spot) ? spot : null);
    });
    label.append(input);
    return label;
  }

  /** The sheet stays until they are on the shelf: before that nothing has changed to ask about. */
  private async keep(files: File[], spot: Spot | null): Promise<void> {
    // The map may show another building by now; the walk is round the house.
    await this.capture.jot({ structure: HOUSE });
    await this.take(files, spot);
    this.choose?.("more");
  }
}

/** Few pictures were talked about already; a video brings its own. */
function isWorthALook(shots: Shot[]): boolean {
  const house = shots.filter((shot) => shot.structure === HOUSE);
  const photos = house.filter((shot) => shot.kind === "photo" && !shot.problem);
  return photos.length >= VIEWS_JUDGED || house.some((shot) => shot.kind === "video");
}

function sentenceOf({ before_spot: before, after_spot: after }: server.Gap): string {
  if (!before || !after || !isSpot(before) || !isSpot(after)) return say("overlap.between_these");
  if (before === after) return say("overlap.at", { a: say(`places.${before}`) });
  const places = { a: say(`places.${before}`), b: say(`places.${after}`) };
  return say(spotsApart(before, after) > 1 ? "overlap.some_between" : "overlap.one_between", places);
}

function pictureOf(photo: string, name: string): HTMLElement {
  const image = document.createElement("img");
  image.src = `/capture/photos/${photo}/thumb`;
  image.alt = name;
  return image;
}

function pause(milliseconds: number): Promise<true> {
  return new Promise((resolve) => window.setTimeout(() => resolve(true), milliseconds));
}
