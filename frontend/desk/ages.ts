// Ages of leads that wait go on counting while the page is open.

import { AGE_SECONDS, ageClass, ageText } from "./age";

/** Count every `[data-received]` on, by the server's clock; `data-now` is when it was rendered. */
export function keepAges(): void {
  const now = Number(document.body.dataset["now"]);
  const ahead = Number.isFinite(now) ? Date.now() - now : 0;
  setInterval(() => refresh(Date.now() - ahead), AGE_SECONDS * 1000);
}

function refresh(now: number): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-received]")) {
    const minutes = Math.max(0, Math.floor((now - Number(element.dataset["received"])) / 60_000));
    element.textContent = ageText(minutes);
    element.classList.remove("warn", "bad", "good");
    element.classList.add(ageClass(minutes));
  }
}
