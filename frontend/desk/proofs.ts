// A part of the house is chosen, by its name among the numbers or in the model: the photos that
// prove its numbers are shown. Whoever chooses says so with `house:chosen`.

export const CHOSEN = "house:chosen";

const PLACE = "#proof";
let wanted = "";
/** Whether a name on this page was pressed; what is chosen in the model leaves hands and eyes there. */
let isNamed = false;

export function showProofs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const link = target.closest<HTMLElement>("a[data-house]");
    if (link && place() && isPlain(event)) {
      event.preventDefault();
      choose(link.dataset["house"] ?? "");
    }
    if (target.closest("[data-proof-close]")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && place()?.contains(document.activeElement)) close();
  });
  document.addEventListener(CHOSEN, (event) => {
    void show(String((event as CustomEvent<{ id: string }>).detail.id ?? ""), isNamed);
  });
}

function choose(id: string): void {
  isNamed = true;
  document.dispatchEvent(new CustomEvent(CHOSEN, { detail: { id } }));
  isNamed = false;
}

/** Below the table that names the part, where there is one; else where the page keeps a place. */
async function show(id: string, isHere: boolean): Promise<void> {
  const panel = place();
  if (!panel) return;
  wanted = id;
  for (const row of document.querySelectorAll<HTMLElement>("[data-house-row]")) {
    row.classList.toggle("is-chosen", row.dataset["houseRow"] === id);
  }
  if (!id) {
    panel.hidden = true;
    return;
  }
  const answer = await fetch(`${panel.dataset["proofs"] ?? ""}${encodeURIComponent(id)}`, {
    headers: { "HX-Request": "true" },
  });
  // Somebody may have chosen another part meanwhile.
  if (wanted !== id || !answer.ok) return;
  panel.innerHTML = await answer.text();
  name(id)?.closest("[data-house-row]")?.closest(".card")?.after(panel);
  panel.hidden = false;
  if (!isHere) return;
  panel.querySelector<HTMLElement>("#proof-title")?.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

function close(): void {
  const link = name(wanted);
  choose("");
  link?.focus();
}

function place(): HTMLElement | null {
  return document.querySelector<HTMLElement>(PLACE);
}

function name(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`a[data-house="${CSS.escape(id)}"]`);
}

function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
