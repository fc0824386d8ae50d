// A button with `data-copy` copies that text; on plain HTTP the old way, for lack of the new one.

import { say } from "./said";

export function offerCopying(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (button) void copy(button.dataset["copy"] ?? "");
  });
}

async function copy(text: string): Promise<void> {
  const done = navigator.clipboard ? await viaClipboard(text) : viaSelection(text);
  say(done ? "Copied." : "Copying was refused. Select the text and copy it by hand.");
}

async function viaClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return viaSelection(text);
  }
}

function viaSelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  const before = document.activeElement as HTMLElement | null;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}
