// The page's parts by their names; a part that is missing is a mistake of ours.

export function part<T extends Element = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page lacks #${id}`);
  return found as unknown as T;
}

export function show(id: string, shown: boolean): void {
  part(id).hidden = !shown;
}

/** Run `work` on each file that a person picks, and let them pick the same again. */
export function onFiles(id: string, work: (files: File[]) => void): void {
  const input = part<HTMLInputElement>(id);
  input.addEventListener("change", () => {
    const files = Array.from(input.files ?? []);
    input.value = "";
    if (files.length) work(files);
  });
}
