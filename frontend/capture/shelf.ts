// The phone's own memory: every shot is here before it is shown, and survives closing,
// crashing and a lost network. Notes and bytes lie apart, so that a note is cheap to write.
import type { Measure } from "./measure";
import { HOUSE, type Shot, type Skips } from "./model";

const NAME = "doorstep-capture";
const VERSION = 1;

let opening: Promise<IDBDatabase> | null = null;

/** Put a new shot on the shelf; resolves when it is written. */
export async function keep(shot: Shot, file: Blob, small: Blob | null): Promise<void> {
  await write((stores) => {
    stores("shots").put(shot);
    stores("files").put(file, shot.id);
    if (small) stores("smalls").put(small, shot.id);
  });
  if (navigator.storage?.persist) void navigator.storage.persist().catch(() => false);
}

export async function note(shot: Shot): Promise<void> {
  await write((stores) => stores("shots").put(shot));
}

export async function forget(id: string): Promise<void> {
  await write((stores) => {
    for (const name of STORES) if (name !== "notes") stores(name).delete(id);
  });
}

export async function forgetNotes(capture: string): Promise<void> {
  await write((stores) => stores("notes").delete(capture));
}

/** Let go of the bytes of what is safe for good; the notes and small pictures stay. */
export async function lighten(ids: string[]): Promise<void> {
  await write((stores) => {
    for (const id of ids) stores("files").delete(id);
  });
}

export async function all(capture: string): Promise<Shot[]> {
  const shots = (await read("shots", (store) => store.getAll())) as Shot[];
  return shots
    .filter((shot) => shot.capture === capture)
    .map((shot) => ({ ...shot, structure: shot.structure ?? HOUSE }))
    .sort((one, two) => one.sequence - two.sequence);
}

export async function file(id: string): Promise<Blob | undefined> {
  return (await read("files", (store) => store.get(id))) as Blob | undefined;
}

export async function small(id: string): Promise<Blob | undefined> {
  return (await read("smalls", (store) => store.get(id))) as Blob | undefined;
}

export interface Notes {
  skips: Skips;
  /** The spot whose native camera was opened last: the page may be gone meanwhile. */
  open: string | null;
  cardsSeen: boolean;
  finishing: boolean;
  /** Smaller photos, as the person chose; null: as the phone is set. */
  saver: boolean | null;
  /** The building whose spots the map shows. */
  structure: string;
  measure: Measure | null;
  /** The question was put once; it is not put again at the end. */
  measureAsked: boolean;
  /** They want to finish with this many shots, whatever the server says of the overlap. */
  anyway: number | null;
}

export const NO_NOTES: Notes = {
  skips: {},
  open: null,
  cardsSeen: false,
  finishing: false,
  saver: null,
  structure: HOUSE,
  measure: null,
  measureAsked: false,
  anyway: null,
};

export async function notes(capture: string): Promise<Notes> {
  const found = (await read("notes", (store) => store.get(capture))) as Notes | undefined;
  return { ...NO_NOTES, ...found };
}

export async function jot(capture: string, told: Notes): Promise<void> {
  await write((stores) => stores("notes").put(told, capture));
}

const STORES = ["shots", "files", "smalls", "notes"] as const;
type StoreName = (typeof STORES)[number];

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("shots", { keyPath: "id" });
      for (const name of STORES) {
        if (name !== "shots") request.result.createObjectStore(name);
      }
    };
    request.onsuccess = () => {
      // A browser closes it when it runs short of memory or another tab upgrades.
      request.result.onclose = () => (opening = null);
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => {
      opening = null;
      reject(request.error ?? new Error("no storage"));
    };
  });
  return opening;
}

async function write(work: (stores: (name: StoreName) => IDBObjectStore) => void): Promise<void> {
  const transaction = (await open()).transaction(STORES, "readwrite", { durability: "strict" });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("not written"));
  });
  work((name) => transaction.objectStore(name));
  await done;
}

async function read(name: StoreName, ask: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const request = ask((await open()).transaction(name).objectStore(name));
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("not read"));
  });
}
