// The viewer is large, so it is fetched only on a page that has a model, when it comes in sight.

export function showModels(): void {
  arm();
  document.body.addEventListener("htmx:afterSettle", arm);
}

function arm(): void {
  const viewers = document.querySelectorAll("model-viewer:not([data-armed])");
  if (viewers.length === 0) return;
  const sight = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    sight.disconnect();
    void load();
  });
  for (const viewer of viewers) {
    viewer.setAttribute("data-armed", "");
    sight.observe(viewer);
  }
}

async function load(): Promise<void> {
  await import("@google/model-viewer");
  await customElements.whenDefined("model-viewer");
  for (const viewer of document.querySelectorAll("model-viewer")) adoptStyles(viewer);
}

/**
 * The viewer brings its styles as an inline element, which the pages' security policy
 * refuses. The same text as a constructed style sheet is allowed.
 */
function adoptStyles(viewer: Element): void {
  const root = viewer.shadowRoot;
  if (!root || root.adoptedStyleSheets.length > 0) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync([...root.querySelectorAll("style")].map((one) => one.textContent).join("\n"));
  root.adoptedStyleSheets = [sheet];
}
