// The inbox by keyboard: j and k move between leads, Enter opens the one in focus, i asks it for
// photos, c, a and x decide what became of it, u takes that back, and ? lists the keys.

import htmx from "htmx.org";
import { undoLast } from "./said";
import { askWhy, type Why } from "./why";

let place = 0;

export function triageByKeys(): void {
  document.addEventListener("keydown", (event) => {
    const list = document.querySelector(".lead-rows");
    if (!list || event.ctrlKey || event.metaKey || event.altKey || isBusy(event)) return;
    if (act(event.key, list)) event.preventDefault();
  });
  keepPlace();
}

function act(key: string, list: Element): boolean {
  if (key === "j") move(list, 1);
  else if (key === "k") move(list, -1);
  else if (key === "i") here()?.querySelector<HTMLButtonElement>("form button")?.click();
  else if (key === "c") decide("contacted");
  else if (key === "a") decide("qualified");
  else if (key === "x") reject();
  else if (key === "u") undoLast();
  else if (key === "?") document.querySelector<HTMLDialogElement>("#keys")?.showModal();
  else return false;
  return true;
}

function isBusy(event: KeyboardEvent): boolean {
  const typing = (event.target as Element).matches("input, select, textarea");
  return typing || document.querySelector("dialog[open]") !== null;
}

function here(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>(".lead-rows > li") ?? null;
}

function move(list: Element, step: number): void {
  const row = here();
  const next = row ? [...list.children].indexOf(row) + step : place;
  focusRow(list, next);
}

function focusRow(list: Element, index: number): void {
  place = Math.min(Math.max(index, 0), list.children.length - 1);
  list.children[place]?.querySelector<HTMLElement>(".name")?.focus();
}

function reject(): void {
  const row = here();
  if (row?.dataset["lead"]) askWhy(nameOf(row), (why) => decide("rejected", row, why));
}

/** Decide on a lead as its line says that it is: who was faster is not overruled. */
function decide(disposition: string, row = here(), why?: Why): void {
  const { lead, seen } = row?.dataset ?? {};
  if (!row || !lead) return;
  // The list may have been fetched again since, and have another line for the lead.
  const target = document.getElementById(row.id);
  void htmx.ajax("post", `/leads/${lead}/dispositions`, {
    target: target ?? document.body,
    swap: target ? "outerHTML" : "none",
    values: { disposition, seen, ...why },
  });
}

function nameOf(row: HTMLElement): string {
  return row.querySelector(".name")?.textContent ?? "";
}

/** When the lead in focus leaves the list by itself, the one that takes its place gets the focus. */
function keepPlace(): void {
  let held = false;
  document.body.addEventListener("htmx:beforeSwap", () => (held = here() !== null));
  document.body.addEventListener("htmx:afterSettle", () => {
    const list = document.querySelector(".lead-rows");
    if (held && list && document.activeElement === document.body) focusRow(list, place);
    held = false;
  });
}
