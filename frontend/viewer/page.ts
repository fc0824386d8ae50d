// The parts of the viewer's markup that scripts talk to; a missing one is a mistake of ours.

export function find<Kind extends HTMLElement>(root: ParentNode, what: string): Kind {
  const found = root.querySelector<Kind>(`[data-viewer="${what}"]`);
  if (!found) throw new Error(`the viewer's page has no ${what}`);
  return found;
}

/** What the stage says in place of a picture, or over it; empty takes it away. */
export function tell(root: HTMLElement, text: string, isProblem = false): void {
  const said = find(root, "told");
  // What stays the same is not read out again.
  if (said.textContent !== text) said.textContent = text;
  said.hidden = text === "";
  said.classList.toggle("problem", isProblem);
}

/** What is read out, and stands under the picture. */
export function say(root: HTMLElement, text: string): void {
  find(root, "said").textContent = text;
}

/** A button that is on or off: its state is in `aria-pressed`. */
export function toggle(root: HTMLElement, what: string, change: (isOn: boolean) => void, signal: AbortSignal): (isOn: boolean) => void {
  const button = find<HTMLButtonElement>(root, what);
  const set = (isOn: boolean) => {
    button.setAttribute("aria-pressed", String(isOn));
    change(isOn);
  };
  button.addEventListener("click", () => set(button.getAttribute("aria-pressed") !== "true"), { signal });
  return set;
}
