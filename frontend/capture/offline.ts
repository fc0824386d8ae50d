// Asks the browser to keep this page for times without a network; trusted addresses only.

const PAGE = "/capture/";
const PARTS = "/static/built/";

export async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  try {
    await navigator.serviceWorker.register("/capture/worker.js", { scope: PAGE });
    const { active } = await navigator.serviceWorker.ready;
    const parts = performance.getEntriesByType("resource").map((entry) => entry.name);
    active?.postMessage([PAGE, ...parts.filter((name) => new URL(name).pathname.startsWith(PARTS))]);
  } catch {
    // Without it the page only needs the network to open.
  }
}
