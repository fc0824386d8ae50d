// After "delete my data": what this browser still keeps of the capture goes as well.
import * as shelf from "./shelf";

async function forget(capture: string): Promise<void> {
  for (const shot of await shelf.all(capture)) await shelf.forget(shot.id);
  await shelf.forgetNotes(capture);
}

void forget(document.getElementById("erased")?.dataset["capture"] ?? "").catch(() => undefined);
