// What slides up from below: one spot, one picture, and "a model needs more".
import type { Capture } from "./capture";
import { onFiles, part, show } from "./dom";
import { HOUSE, isSpot, missingSpots, type Shot, SPOTS, type Spot, spotState } from "./model";
import type { ServerPhoto } from "./server";
import { showShots, smallOf } from "./shots";
import { say, sayIfKnown } from "./words";

const BESIDE_MAX = 6;

export class SpotSheet {
  private spot: Spot = "front";

  constructor(
    private readonly capture: Capture,
    private readonly look: LookSheet,
    take: (files: File[], spot: Spot) => void,
  ) {
    onFiles("spot-input", (files) => take(files, this.spot));
    // The page may be gone when the native camera comes back: remember where we were.
    part("spot-input").addEventListener("click", () => void capture.jot({ open: this.spot }));
    part("spot-close").addEventListener("click", () => this.close());
    part("skip-undo").addEventListener("click", () => this.skip(null));
    for (const chip of document.querySelectorAll<HTMLElement>("[data-reason]")) {
      chip.addEventListener("click", () => this.skip(chip.dataset["reason"] ?? null));
    }
    closeOnBackdrop("spot-sheet", () => this.close());
    capture.onChange(() => this.draw());
  }

  open(spot: Spot): void {
    this.spot = spot;
    part<HTMLDetailsElement>("skip").open = false;
    part("spot-shots").replaceChildren();
    this.draw();
    part<HTMLDialogElement>("spot-sheet").showModal();
  }

  close(): void {
    part<HTMLDialogElement>("spot-sheet").close();
    void this.capture.jot({ open: null });
  }

  private skip(reason: string | null): void {
    const skips = { ...this.capture.notes.skips };
    if (reason) skips[this.spot] = reason;
    else delete skips[this.spot];
    void this.capture.jot({ skips });
    if (reason) this.close();
  }

  private draw(): void {
    const { here: shots, skips, notes } = this.capture;
    const skipped = spotState(shots, this.spot, skips) === "skipped";
    const name = say(`spots.${this.spot}`);
    part("spot-title").textContent = name;
    part("spot-photo-label").textContent = say("page.photo_here", { spot: name });
    show("spot-go", !skipped);
    show("skip-undo", skipped);
    const here = shots.filter((shot) => shot.spot === this.spot);
    show("skip", here.length === 0 && notes.structure === HOUSE);
    showShots(part("spot-shots"), here, (shot) => this.look.open(shot));
    this.drawBeside();
  }

  /** On a second visit: the pictures from next to the spot, so that the new one fits to them. */
  private drawBeside(): void {
    const state = this.capture.state;
    const at = SPOTS.indexOf(this.spot);
    const beside = [-1, 0, 1].map((step) => SPOTS[(at + step + SPOTS.length) % SPOTS.length]);
    const photos = (state?.photos ?? []).filter(
      (photo) => photo.state === "ready" && photo.structure === this.capture.notes.structure && beside.some((spot) => spot === photo.spot),
    );
    const shown = state?.note != null && state.wanted.includes(this.spot) ? photos.slice(0, BESIDE_MAX) : [];
    show("spot-beside", shown.length > 0);
    const list = part("spot-beside-shots");
    if (list.childElementCount === shown.length) return;
    list.replaceChildren(...shown.map(pictureOf));
  }
}

export class LookSheet {
  private shot: Shot | null = null;

  constructor(capture: Capture) {
    const sheet = part<HTMLDialogElement>("look-sheet");
    part("look-close").addEventListener("click", () => sheet.close());
    part("look-again").addEventListener("click", () => {
      if (this.shot) void capture.remove(this.shot);
      sheet.close();
    });
    closeOnBackdrop("look-sheet", () => sheet.close());
  }

  open(shot: Shot): void {
    this.shot = shot;
    part("look-title").textContent =
      shot.spot && isSpot(shot.spot) ? say(`spots.${shot.spot}`) : say("app.photo_n", { n: shot.sequence });
    part("look-hint").textContent = adviceOf(shot);
    const picture = part<HTMLImageElement>("look-picture");
    picture.hidden = true;
    void smallOf(shot).then((url) => {
      if (!url || this.shot !== shot) return;
      picture.src = url;
      picture.hidden = false;
    });
    part<HTMLDialogElement>("look-sheet").showModal();
  }
}

function pictureOf(photo: ServerPhoto): HTMLElement {
  const item = document.createElement("li");
  const image = document.createElement("img");
  image.src = `/capture/photos/${photo.id}/thumb`;
  image.alt = photo.spot && isSpot(photo.spot) ? say(`spots.${photo.spot}`) : "";
  item.append(image);
  return item;
}

/** "A model needs more photos": resolves to whether to send what there is. */
export function askIfEnough(capture: Capture): Promise<boolean> {
  const sheet = part<HTMLDialogElement>("few-sheet");
  const house = capture.shots.filter((shot) => shot.structure === HOUSE);
  const missing = missingSpots(house, capture.notes.skips);
  part("few-text").textContent = say("page.few", { n: house.length });
  part("few-missing").textContent = missing.length
    ? say("page.few_missing", { spots: missing.map((spot) => say(`spots.${spot}`)).join(", ") })
    : "";
  sheet.showModal();
  return new Promise((resolve) => {
    const answer = (send: boolean) => () => {
      resolve(send);
      sheet.close();
    };
    part("few-send").onclick = answer(true);
    part("few-more").onclick = answer(false);
    sheet.onclose = () => resolve(false);
  });
}

/** What is wrong with a shot, or what could be better, in one sentence. */
export function adviceOf(shot: Shot): string {
  if (shot.problem) return sayIfKnown(`app.problem_${shot.problem}`) ?? shot.problem;
  const hint = shot.hints[0];
  return hint ? (sayIfKnown(`app.hint_${hint}`) ?? "") : "";
}

function closeOnBackdrop(id: string, close: () => void): void {
  const sheet = part<HTMLDialogElement>(id);
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet) close();
  });
}
