// One line at the foot of the page that says what just happened, and is read aloud.

import htmx from "htmx.org";

const SHOWN_MILLISECONDS = 4000;
const UNDO_MILLISECONDS = 10_000;
let timer = 0;

interface Said {
  value: string;
  /** Where what was done is taken back, and the row that shows it. */
  undo?: string;
  row?: string;
}

export function say(text: string): void {
  show({ value: text });
}

/** Take back what the line at the foot tells of, as its button does. */
export function undoLast(): void {
  document.querySelector<HTMLButtonElement>("#said button")?.click();
}

function show(said: Said): void {
  const place = document.getElementById("said");
  if (!place) return;
  place.textContent = said.value;
  if (said.undo) place.append(undoButton(said.undo, said.row ?? ""));
  clearTimeout(timer);
  const shown = said.undo ? UNDO_MILLISECONDS : SHOWN_MILLISECONDS;
  timer = window.setTimeout(() => (place.textContent = ""), shown);
}

function undoButton(path: string, row: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.textContent = "Undo";
  button.addEventListener("click", () => {
    button.remove();
    const target = document.getElementById(row);
    const swap = target ? "outerHTML" : "none";
    void htmx.ajax("post", path, { target: target ?? document.body, swap });
  });
  return button;
}

/** Say so when a fetch behind the page fails; a poll goes on silently and catches up. */
export function sayFailures(): void {
  document.body.addEventListener("htmx:responseError", (event) => {
    const { xhr, requestConfig } = (event as CustomEvent).detail;
    if (requestConfig?.verb === "get") return;
    say(xhr.getResponseHeader("Doorstep-Says") ?? "That did not work. Please try again.");
  });
  document.body.addEventListener("htmx:sendError", (event) => {
    if ((event as CustomEvent).detail.requestConfig?.verb === "get") return;
    say("The server cannot be reached.");
  });
  document.body.addEventListener("say", (event) => show((event as CustomEvent).detail));
}
