// Every sentence comes with the page, in the language of the phone.

type Words = Record<string, Record<string, string>>;

const told = document.getElementById("words");
const words: Words = told?.textContent ? (JSON.parse(told.textContent) as Words) : {};

/** The sentence `group.name` with its {places} filled in. */
export function say(key: string, places: Record<string, string | number> = {}): string {
  const [group = "", name = ""] = key.split(".");
  const sentence = words[group]?.[name] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, place: string) => String(places[place] ?? whole));
}

/** Like `say`, or undefined when there is no such sentence. */
export function sayIfKnown(key: string): string | undefined {
  const [group = "", name = ""] = key.split(".");
  return words[group]?.[name];
}

/** A number of bytes as people read it. */
export function bytesText(bytes: number): string {
  const mega = bytes / 1e6;
  return mega < 1 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${mega.toFixed(mega < 10 ? 1 : 0)} MB`;
}
