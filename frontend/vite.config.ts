// One script for each page that is an instrument; names are stable and the manifest beside
// them, which build.py writes, carries the hashes that pages put into their addresses.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: path("."),
  base: "/static/built/",
  publicDir: false,
  build: {
    outDir: process.env.DOORSTEP_ASSETS ?? path("../src/doorstep/web/static/built"),
    emptyOutDir: true,
    // The oldest phones that a homeowner may hold: iOS 15, Android's Chrome 100.
    target: ["safari15", "chrome100", "firefox102"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 2048,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: { capture: path("capture/main.ts"), "capture-worker": path("capture/worker.ts"), "capture-forget": path("capture/forget.ts"), desk: path("desk/main.ts"), house: path("house/main.ts"), partner: path("partner/main.ts") },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});
