// The list of parts: it says in words what the picture shows, and works without the picture.
import { find, say } from "./page";

/** Told on the document when a part is chosen (or none: an empty id), and heard from others. */
const CHOSEN = "house:chosen";

/** Of the house alone: a garage's walls have the same names, and nothing else on the page. */
const isHouse = (root: HTMLElement) => root.dataset["building"] === "house";

export function announce(root: HTMLElement, id: string): void {
  if (isHouse(root)) document.dispatchEvent(new CustomEvent(CHOSEN, { detail: { id } }));
}

export function onAnnounced(root: HTMLElement, choose: (id: string) => void, signal: AbortSignal): void {
  if (!isHouse(root)) return;
  document.addEventListener(CHOSEN, (event) => choose((event as CustomEvent<{ id: string }>).detail.id), { signal });
}

export function onListed(root: HTMLElement, choose: (id: string) => void, signal: AbortSignal): void {
  find(root, "list").addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-part]");
    if (button) choose(button.dataset["part"]!);
  }, { signal });
}

/** Show which part is chosen, in sight if the list has a scroll of its own. */
export function markListed(root: HTMLElement, id: string): void {
  const list = find(root, "list");
  for (const button of list.querySelectorAll<HTMLElement>("[data-part]")) {
    const isChosen = button.dataset["part"] === id;
    button.setAttribute("aria-pressed", String(isChosen));
    if (!isChosen) continue;
    button.closest("details")!.open = true;
    const [row, box] = [button.getBoundingClientRect(), list.getBoundingClientRect()];
    // Only the list is scrolled, never the page under somebody's hands.
    if (row.top < box.top || row.bottom > box.bottom) list.scrollTop += row.top - box.top - box.height / 3;
  }
}

/** Choosing where there is no picture. */
export function listAlone(root: HTMLElement, signal: AbortSignal): void {
  onListed(root, (id) => {
    markListed(root, id);
    say(root, find(root, "list").querySelector(`[data-part="${CSS.escape(id)}"]`)?.textContent?.replace(/\s+/g, " ").trim() ?? "");
    announce(root, id);
  }, signal);
}
