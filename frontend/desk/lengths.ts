// A known length: its ends are marked in photos and travel in the form's hidden field.
import { EndsPicker, type Ends } from "../shared/ends";

type Marked = { photo: string } & Ends;

export function markLengths(): void {
  const form = document.querySelector<HTMLFormElement>("#lengths");
  const dialog = document.querySelector<HTMLDialogElement>("#ends-dialog");
  const root = dialog?.querySelector<HTMLElement>("#ends");
  const field = form?.querySelector<HTMLInputElement>("[name=ends]");
  if (!form || !dialog || !root || !field) return;
  const picker = new EndsPicker(root);
  let marked = JSON.parse(field.value || "[]") as Marked[];
  let photo = "";

  const draw = () => {
    field.value = JSON.stringify(marked);
    for (const button of form.querySelectorAll<HTMLElement>("[data-photo]")) {
      const has = marked.some((one) => one.photo === button.dataset["photo"]);
      button.setAttribute("aria-pressed", String(has));
    }
  };
  const keep = (ends: Ends | null) => {
    marked = marked.filter((one) => one.photo !== photo);
    if (ends) marked.push({ photo, ...ends });
    draw();
    dialog.close();
  };
  form.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-photo]");
    if (!button) return;
    photo = button.dataset["photo"] ?? "";
    picker.show(`/photos/${photo}/display`, marked.find((one) => one.photo === photo) ?? null);
    dialog.showModal();
  });
  dialog.querySelector("#ends-use")?.addEventListener("click", () => keep(picker.value));
  dialog.querySelector("#ends-clear")?.addEventListener("click", () => keep(null));
  draw();
}
