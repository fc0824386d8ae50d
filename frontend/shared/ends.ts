// Both ends of a length in a picture: a finger that need not cover them, or the arrow keys.

export type Point = [number, number];

/** Shares of the upright picture's width and height. */
export interface Ends {
  a: Point;
  b: Point;
}

type Name = keyof Ends;

// A mark moves less than the finger, so that it can be put where it belongs.
const SLOWNESS = 0.35;
const TAP_PIXELS = 8;
const STEP = 0.001;
const LARGE_STEP = 0.02;
const LOUPE = 5;
const ARROWS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Drives `.ends`: a picture, a line, the two ends as buttons, and a loupe. */
export class EndsPicker {
  private ends: Ends = middle();
  private held: { name: Name; from: Point; pointer: Point; moved: boolean } | null = null;
  private readonly image: HTMLImageElement;
  private readonly loupe: HTMLElement;

  constructor(private readonly root: HTMLElement) {
    this.image = within(root, "img");
    this.loupe = within(root, ".ends-loupe");
    root.addEventListener("pointerdown", (event) => this.down(event));
    root.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"] as const) {
      root.addEventListener(name, (event) => this.up(event));
    }
    for (const name of ["a", "b"] as const) {
      this.button(name).addEventListener("keydown", (event) => this.key(event, name));
    }
  }

  get value(): Ends {
    return { a: [...this.ends.a], b: [...this.ends.b] };
  }

  show(url: string, ends: Ends | null): void {
    this.ends = ends ?? middle();
    this.image.src = url;
    this.loupe.style.backgroundImage = `url("${url}")`;
    this.loupe.hidden = true;
    this.draw();
  }

  private down(event: PointerEvent): void {
    if (!event.isPrimary) return;
    event.preventDefault();
    const pointer: Point = [event.clientX, event.clientY];
    const name = this.nearest(pointer);
    this.held = { name, from: this.ends[name], pointer, moved: false };
    this.root.setPointerCapture(event.pointerId);
    this.button(name).focus({ preventScroll: true });
    this.look(name);
  }

  private move(event: PointerEvent): void {
    if (!this.held) return;
    const { name, from, pointer } = this.held;
    const across = event.clientX - pointer[0];
    const down = event.clientY - pointer[1];
    this.held.moved ||= Math.hypot(across, down) > TAP_PIXELS;
    if (!this.held.moved) return;
    const box = this.root.getBoundingClientRect();
    this.put(name, [
      from[0] + (SLOWNESS * across) / box.width,
      from[1] + (SLOWNESS * down) / box.height,
    ]);
    this.look(name);
  }

  /** A tap puts the nearest end there; a drag has moved it already. */
  private up(event: PointerEvent): void {
    if (!this.held) return;
    if (!this.held.moved && event.type === "pointerup") {
      const box = this.root.getBoundingClientRect();
      this.put(this.held.name, [
        (event.clientX - box.left) / box.width,
        (event.clientY - box.top) / box.height,
      ]);
    }
    this.held = null;
    this.loupe.hidden = true;
  }

  private key(event: KeyboardEvent, name: Name): void {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const [x, y] = this.ends[name];
    this.put(name, [x + step * arrow[0], y + step * arrow[1]]);
    this.look(name);
  }

  private put(name: Name, [x, y]: Point): void {
    this.ends[name] = [clamped(x), clamped(y)];
    this.draw();
  }

  private nearest(pointer: Point): Name {
    const box = this.root.getBoundingClientRect();
    const far = (name: Name) =>
      Math.hypot(
        box.left + this.ends[name][0] * box.width - pointer[0],
        box.top + this.ends[name][1] * box.height - pointer[1],
      );
    return far("a") <= far("b") ? "a" : "b";
  }

  private draw(): void {
    const line = within<SVGLineElement>(this.root, "line");
    for (const [name, number] of [["a", "1"], ["b", "2"]] as const) {
      const [x, y] = this.ends[name];
      const style = this.button(name).style;
      style.left = `${100 * x}%`;
      style.top = `${100 * y}%`;
      line.setAttribute(`x${number}`, String(x));
      line.setAttribute(`y${number}`, String(y));
    }
  }

  /** The surroundings of an end, enlarged, on the side where the finger is not. */
  private look(name: Name): void {
    const [x, y] = this.ends[name];
    const { width, height } = this.root.getBoundingClientRect();
    this.loupe.hidden = false;
    const radius = this.loupe.offsetWidth / 2;
    this.loupe.classList.toggle("is-right", x < 0.5);
    this.loupe.style.backgroundSize = `${width * LOUPE}px ${height * LOUPE}px`;
    this.loupe.style.backgroundPosition = `${radius - x * width * LOUPE}px ${radius - y * height * LOUPE}px`;
  }

  private button(name: Name): HTMLElement {
    return within(this.root, `[data-end="${name}"]`);
  }
}

function middle(): Ends {
  return { a: [0.4, 0.5], b: [0.6, 0.5] };
}

function clamped(share: number): number {
  return Math.round(1e5 * Math.min(1, Math.max(0, share))) / 1e5;
}

function within<T extends Element = HTMLElement>(root: Element, selector: string): T {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`.ends lacks ${selector}`);
  return found as T;
}
