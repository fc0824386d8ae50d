// Keeps the capture page usable without a network, once it was open: the page and its parts
// come from here when nothing else answers. What the phone took is on its shelf, not here.
export {};

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asking extends Waiting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerScope {
  addEventListener(name: "install" | "activate", work: (event: Waiting) => void): void;
  addEventListener(name: "message", work: (event: Waiting & { data: string[] }) => void): void;
  addEventListener(name: "fetch", work: (event: Asking) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const SHELF = "doorstep-page-1";
const PAGE = "/capture/";
const PARTS = "/static/built/";

const worker = self as unknown as WorkerScope;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

/** The page says what it is made of; the parts of older pages are let go. */
worker.addEventListener("message", (event) => event.waitUntil(keep(event.data)));

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(PARTS)) event.respondWith(kept(event.request));
  else if (event.request.mode === "navigate") event.respondWith(fresh(event.request));
});

async function keep(addresses: string[]): Promise<void> {
  await caches.delete(SHELF);
  const shelf = await caches.open(SHELF);
  await shelf.addAll(addresses);
}

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function fresh(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const page = await caches.match(PAGE);
    if (page) return page;
    throw error;
  }
}
