// The viewer is large: it is fetched when a model comes in sight, and closed when it is gone.

const open = new Map<HTMLElement, () => void>();

export function showViewers(): void {
  arm();
  document.body.addEventListener("htmx:afterSettle", arm);
  addEventListener("pagehide", closeAll);
  // A page that comes back from the browser's own store has lost its viewer.
  addEventListener("pageshow", (event) => {
    if (event.persisted) arm();
  });
}

function arm(): void {
  for (const [root, close] of open) {
    if (root.isConnected) continue;
    close();
    open.delete(root);
  }
  for (const root of document.querySelectorAll<HTMLElement>("[data-scene]:not([data-armed])")) {
    root.setAttribute("data-armed", "");
    const sight = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      sight.disconnect();
      void load(root);
    });
    sight.observe(root);
  }
}

async function load(root: HTMLElement): Promise<void> {
  const { openViewer } = await import("../viewer/main");
  if (root.isConnected) open.set(root, openViewer(root));
}

function closeAll(): void {
  for (const [root, close] of open) {
    close();
    root.removeAttribute("data-armed");
  }
  open.clear();
}
