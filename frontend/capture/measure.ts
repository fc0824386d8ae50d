// One measure makes the model exact: what was measured, how long it is, where it begins and ends.
import { EndsPicker, type Ends } from "../shared/ends";
import type { Capture } from "./capture";
import { part, show } from "./dom";
import type { Shot } from "./model";
import * as shelf from "./shelf";
import { say } from "./words";

const METRES_MIN = 0.3;
const METRES_MAX = 60;
const METRES_PER_FOOT = 0.3048;
const INCHES_PER_FOOT = 12;
const PHOTOS_MIN = 2;
const PHOTOS_MAX = 6;
const FEET_COUNTRIES = /-(US|LR|MM)$/;

export interface Measure {
  kind: string;
  metres: number;
  /** As it was typed, to be shown again. */
  typed: string;
  ends: ({ shot: string } & Ends)[];
}

export class MeasureSheet {
  private answered: (() => void) | null = null;
  private readonly sheet = part<HTMLDialogElement>("measure-sheet");
  private readonly marking: EndsSheet;

  constructor(private readonly capture: Capture) {
    this.marking = new EndsSheet(capture);
    this.unit(FEET_COUNTRIES.test(navigator.language) ? "feet" : "metres");
    part("measure").addEventListener("click", () => void this.ask());
    part("measure-skip").addEventListener("click", () => this.sheet.close());
    part("measure-remove").addEventListener("click", () => void this.keep(null));
    part("measure-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.go();
    });
    part("measure-form").addEventListener("input", () => {
      part("measure-problem").textContent = "";
    });
    for (const radio of document.querySelectorAll<HTMLInputElement>("[name=measure-unit]")) {
      radio.addEventListener("change", () => this.unit(radio.value));
    }
    this.sheet.addEventListener("close", () => this.end());
    capture.onChange(() => this.draw());
  }

  /** Resolves when the person has answered or passed over it. */
  ask(): Promise<void> {
    part("measure-problem").textContent = "";
    show("measure-remove", this.capture.notes.measure !== null);
    this.sheet.showModal();
    return new Promise((resolve) => {
      this.answered = resolve;
    });
  }

  private async go(): Promise<void> {
    const kind = document.querySelector<HTMLInputElement>("[name=measure-kind]:checked")?.value;
    const { metres, typed } = this.typed();
    if (!kind || !(metres >= METRES_MIN && metres <= METRES_MAX)) {
      part("measure-problem").textContent = say(kind ? "measure.bad_length" : "measure.no_kind");
      return;
    }
    const held = this.capture.notes.measure;
    const ends = held?.kind === kind ? held.ends : [];
    await this.capture.jot({ measure: { kind, metres, typed, ends } });
    const photos = this.capture.shots.filter(canBeMarked);
    if (photos.length >= PHOTOS_MIN) await this.marking.ask(photos);
    this.sheet.close();
  }

  private async keep(measure: Measure | null): Promise<void> {
    await this.capture.jot({ measure });
    this.sheet.close();
  }

  private typed(): { metres: number; typed: string } {
    if (this.inFeet()) {
      const [feet, inches] = [numberIn("measure-feet"), numberIn("measure-inches")];
      const metres = (feet + inches / INCHES_PER_FOOT) * METRES_PER_FOOT;
      return { metres, typed: `${feet} ft ${inches} in` };
    }
    const metres = numberIn("measure-metres");
    return { metres, typed: `${metres} m` };
  }

  private inFeet(): boolean {
    return part<HTMLInputElement>("measure-unit-feet").checked;
  }

  private unit(name: string): void {
    part<HTMLInputElement>(`measure-unit-${name}`).checked = true;
    show("measure-in-feet", name === "feet");
    show("measure-in-metres", name === "metres");
  }

  private draw(): void {
    const measure = this.capture.notes.measure;
    part("measure").textContent = measure
      ? say("measure.kept", { what: say(`measure.${measure.kind}`), length: measure.typed })
      : say("measure.add");
    show("measure", this.capture.shots.length > 0);
  }

  private end(): void {
    void this.capture.jot({ measureAsked: true });
    this.answered?.();
    this.answered = null;
  }
}

/** The same length in two photos or more: pick one, put both ends, next. */
class EndsSheet {
  private shot: Shot | null = null;
  private url = "";
  private answered: (() => void) | null = null;
  private readonly sheet = part<HTMLDialogElement>("ends-sheet");
  private readonly picker = new EndsPicker(part("ends"));

  constructor(private readonly capture: Capture) {
    part("ends-use").addEventListener("click", () => void this.use());
    part("ends-back").addEventListener("click", () => this.list());
    part("ends-done").addEventListener("click", () => this.sheet.close());
    this.sheet.addEventListener("close", () => {
      this.forget();
      this.answered?.();
      this.answered = null;
    });
  }

  ask(photos: Shot[]): Promise<void> {
    const list = part("ends-shots");
    list.replaceChildren(...photos.map((shot) => this.choice(shot)));
    this.list();
    this.sheet.showModal();
    return new Promise((resolve) => {
      this.answered = resolve;
    });
  }

  private choice(shot: Shot): HTMLElement {
    const item = document.createElement("li");
    item.className = "shot";
    item.dataset["shot"] = shot.id;
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", say("app.photo_n", { n: shot.sequence }));
    button.addEventListener("click", () => void this.open(shot));
    const image = document.createElement("img");
    image.alt = "";
    void shelf.small(shot.id).then((blob) => {
      if (blob) image.src = URL.createObjectURL(blob);
    });
    button.append(image);
    item.append(button);
    return item;
  }

  private async open(shot: Shot): Promise<void> {
    const blob = await shelf.file(shot.id);
    if (!blob) return;
    this.forget();
    this.shot = shot;
    this.url = URL.createObjectURL(blob);
    this.picker.show(this.url, this.marked().find((one) => one.shot === shot.id) ?? null);
    show("ends-list", false);
    show("ends-picture", true);
  }

  private async use(): Promise<void> {
    const { measure } = this.capture.notes;
    if (!measure || !this.shot) return;
    const others = measure.ends.filter((one) => one.shot !== this.shot?.id);
    const ends = [...others, { shot: this.shot.id, ...this.picker.value }].slice(-PHOTOS_MAX);
    await this.capture.jot({ measure: { ...measure, ends } });
    this.list();
  }

  private list(): void {
    this.forget();
    show("ends-picture", false);
    show("ends-list", true);
    const marked = new Set(this.marked().map((one) => one.shot));
    for (const item of part("ends-shots").querySelectorAll<HTMLElement>("li")) {
      item.classList.toggle("is-marked", marked.has(item.dataset["shot"] ?? ""));
    }
    const left = Math.max(0, PHOTOS_MIN - marked.size);
    part("ends-left").textContent = left ? say(`measure.left_${left}`) : say("measure.enough");
    part("ends-done").textContent = say(left ? "measure.leave" : "measure.done");
    part("ends-done").className = left ? "secondary" : "primary";
  }

  private marked(): Measure["ends"] {
    return this.capture.notes.measure?.ends ?? [];
  }

  private forget(): void {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = "";
    this.shot = null;
  }
}

function canBeMarked(shot: Shot): boolean {
  return shot.kind === "photo" && !shot.problem;
}

function numberIn(id: string): number {
  const text = part<HTMLInputElement>(id).value.trim().replace(",", ".");
  return text === "" ? 0 : Number(text);
}
