// Ticked jobs of the portfolio: the page stays as it is while any is ticked, and one button ticks
// them all.

const PICKS = 'input[name="picked"]';

export function keepPicks(): void {
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const polls = (event.target as Element).id === "grid";
    if (polls && document.querySelector(`${PICKS}:checked`)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-pick-all]")) pickAll();
  });
}

/** Tick every job of the page, or none when all of them are ticked. */
function pickAll(): void {
  const picks = [...document.querySelectorAll<HTMLInputElement>(PICKS)];
  const every = picks.every((pick) => pick.checked);
  for (const pick of picks) pick.checked = !every;
}
