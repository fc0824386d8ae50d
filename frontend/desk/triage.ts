// The inbox by keyboard: j and k move between leads, i asks the one in focus, Enter opens it.

export function triageByKeys(): void {
  document.addEventListener("keydown", (event) => {
    const list = document.querySelector(".lead-rows");
    if (!list || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (event.key === "j") move(list, 1);
    else if (event.key === "k") move(list, -1);
    else if (event.key === "i") ask();
    else return;
    event.preventDefault();
  });
}

function isTyping(event: KeyboardEvent): boolean {
  return (event.target as Element).matches("input, select, textarea");
}

function move(list: Element, step: number): void {
  const rows = [...list.children];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[next]?.querySelector<HTMLElement>(".name")?.focus();
}

function ask(): void {
  const row = document.activeElement?.closest(".lead-rows > li");
  row?.querySelector<HTMLButtonElement>("form button")?.click();
}
