// Pictures that open large in place: `<a data-picture href="large"><img alt="..."></a>`.
// Arrow keys and buttons go on, Escape closes; without this script the link opens the picture.

let dialog: HTMLDialogElement | null = null;
let picture: HTMLImageElement;
let caption: HTMLElement;
let shown: HTMLAnchorElement[] = [];
let at = 0;

export function enlargePictures(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-picture]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    shown = [...document.querySelectorAll<HTMLAnchorElement>("a[data-picture]")];
    open(shown.indexOf(link));
  });
}

function open(index: number): void {
  dialog ??= make();
  if (!dialog.isConnected) document.body.append(dialog);
  if (!dialog.open) dialog.showModal();
  show(index);
}

function show(index: number): void {
  at = (index + shown.length) % shown.length;
  const link = shown[at];
  if (!link) return;
  const words = link.querySelector("img")?.alt ?? "";
  picture.src = link.href;
  picture.alt = words;
  caption.textContent = `${words} (${at + 1} of ${shown.length})`;
}

function make(): HTMLDialogElement {
  const made = document.createElement("dialog");
  made.className = "lightbox";
  made.setAttribute("aria-label", "Photo");
  picture = document.createElement("img");
  caption = document.createElement("p");
  caption.setAttribute("role", "status");
  const bar = document.createElement("div");
  bar.append(
    button("Previous photo", "‹", () => show(at - 1)),
    caption,
    button("Next photo", "›", () => show(at + 1)),
    button("Close", "×", () => made.close()),
  );
  made.append(picture, bar);
  made.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    else if (event.key === "ArrowRight") show(at + 1);
    else return;
    event.preventDefault();
  });
  // A click beside the picture is on the dialog itself.
  made.addEventListener("click", (event) => {
    if (event.target === made) made.close();
  });
  made.addEventListener("close", () => shown[at]?.focus());
  return made;
}

function button(label: string, sign: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.textContent = sign;
  made.addEventListener("click", act);
  return made;
}
