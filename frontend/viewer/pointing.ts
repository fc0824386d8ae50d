// Mouse, finger and keys on the picture: a press without a drag takes something.
import { Vector2 } from "three";

const STILL_PIXELS = 6;
const PRESS_MILLIS_MAX = 600;

export type Pointed = {
  press: (at: Vector2, isFinger: boolean) => void;
  over: (at: Vector2 | null) => void;
  key: (event: KeyboardEvent) => boolean;
};

export function point(view: HTMLElement, { press, over, key }: Pointed, signal: AbortSignal): void {
  let down: { at: Vector2; when: number; id: number } | null = null;
  const place = (event: PointerEvent) => {
    const box = view.getBoundingClientRect();
    return new Vector2(event.clientX - box.left, event.clientY - box.top);
  };
  view.addEventListener("pointerdown", (event) => {
    down = event.isPrimary && event.button === 0 ? { at: place(event), when: event.timeStamp, id: event.pointerId } : null;
  }, { signal, capture: true });
  view.addEventListener("pointerup", (event) => {
    if (!down || down.id !== event.pointerId) return;
    const at = place(event);
    const isPress = at.distanceTo(down.at) < STILL_PIXELS && event.timeStamp - down.when < PRESS_MILLIS_MAX;
    down = null;
    if (isPress) press(at, event.pointerType !== "mouse");
  }, { signal });
  view.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse" && event.buttons === 0) over(place(event));
  }, { signal });
  view.addEventListener("pointerleave", () => over(null), { signal });
  view.addEventListener("keydown", (event) => {
    if (key(event)) event.preventDefault();
  }, { signal });
}
