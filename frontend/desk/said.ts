// One line at the foot of the page that says what just happened, and is read aloud.

const SHOWN_MILLISECONDS = 4000;
let timer = 0;

export function say(text: string): void {
  const place = document.getElementById("said");
  if (!place) return;
  place.textContent = text;
  clearTimeout(timer);
  timer = window.setTimeout(() => (place.textContent = ""), SHOWN_MILLISECONDS);
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
  document.body.addEventListener("say", (event) => say((event as CustomEvent).detail.value));
}
