// The small pictures: each a button that opens the picture, with its state beside it.
import type { Shot } from "./model";
import * as shelf from "./shelf";
import { say, sayIfKnown } from "./words";

const urls = new Map<string, string>();

/** Show these shots in the list, newest first; those that are there already stay as they are. */
export function showShots(list: Element, shots: Shot[], open: (shot: Shot) => void): void {
  const there = new Map<string, HTMLElement>();
  for (const item of list.querySelectorAll<HTMLElement>("li")) there.set(item.dataset["shot"] ?? "", item);
  const wanted = [...shots].reverse().map((shot) => {
    const item = there.get(shot.id) ?? itemOf(shot, open);
    there.delete(shot.id);
    const state = shot.problem ? "problem" : shot.safe ? "safe" : "kept";
    if (item.dataset["state"] !== state) {
      item.dataset["state"] = state;
      const name = say("app.photo_n", { n: shot.sequence });
      const told = say(`app.state_${state}`, { n: 1 });
      item.firstElementChild?.setAttribute("aria-label", say("app.spot_label", { spot: name, state: told }));
    }
    return item;
  });
  for (const gone of there.values()) gone.remove();
  wanted.forEach((item, i) => {
    if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
  });
}

/** Say of each shot that cannot be used which one it is, and why. */
export function sayProblems(list: Element, shots: Shot[]): void {
  const lines = shots.map((shot) =>
    say("app.spot_label", {
      spot: say("app.photo_n", { n: shot.sequence }),
      state: sayIfKnown(`app.problem_${shot.problem ?? ""}`) ?? say("app.state_problem"),
    }),
  );
  if ([...list.children].map((item) => item.textContent).join("\n") === lines.join("\n")) return;
  list.replaceChildren(
    ...lines.map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    }),
  );
}

/** The address of a shot's small picture, from the phone or, when safe, from the server. */
export async function smallOf(shot: Shot): Promise<string | null> {
  const known = urls.get(shot.id);
  if (known) return known;
  const blob = await shelf.small(shot.id);
  if (!blob) return shot.serverId && !shot.problem ? `/capture/photos/${shot.serverId}/thumb` : null;
  const made = URL.createObjectURL(blob);
  urls.set(shot.id, made);
  return made;
}

function itemOf(shot: Shot, open: (shot: Shot) => void): HTMLElement {
  const item = document.createElement("li");
  item.className = "shot";
  item.dataset["shot"] = shot.id;
  const button = document.createElement("button");
  button.type = "button";
  button.addEventListener("click", () => open(shot));
  if (shot.kind === "video") button.classList.add("is-video");
  item.append(button);
  void smallOf(shot).then((url) => {
    if (!url) return;
    const image = document.createElement("img");
    image.alt = "";
    image.src = url;
    image.addEventListener("error", () => image.remove());
    button.prepend(image);
  });
  return item;
}
