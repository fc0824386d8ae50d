// The sheet that asks why a lead is rejected: a number or the arrows choose, Enter rejects, Esc leaves.

const OTHER = "other";

export interface Why {
  reason: string;
  note: string;
}

/** Ask for a reason, and call back with it unless the sheet is left. */
export function askWhy(name: string, answered: (why: Why) => void): void {
  const sheet = document.querySelector<HTMLDialogElement>("#why");
  const form = sheet?.querySelector("form");
  const who = sheet?.querySelector("[data-who]");
  if (!sheet || !form || !who) return;
  form.reset();
  who.textContent = name;
  sheet.returnValue = "";
  sheet.onkeydown = (event) => pick(form, event);
  form.onchange = () => needNote(form);
  sheet.onclose = () => {
    const filled = new FormData(form);
    const why = { reason: String(filled.get("reason")), note: String(filled.get("note")) };
    if (sheet.returnValue === "reject") answered(why);
  };
  sheet.showModal();
}

function pick(form: HTMLFormElement, event: KeyboardEvent): void {
  const radio = reasonsOf(form)[Number(event.key) - 1];
  if (!radio || (event.target as Element).matches("[name=note]")) return;
  radio.checked = true;
  radio.focus();
  needNote(form);
  event.preventDefault();
}

function needNote(form: HTMLFormElement): void {
  const note = form.querySelector<HTMLInputElement>("[name=note]");
  const chosen = reasonsOf(form).find((radio) => radio.checked);
  if (note) note.required = chosen?.value === OTHER;
}

function reasonsOf(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("[name=reason]")];
}
