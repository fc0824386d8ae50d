// The server's side of the capture, in two questions: what has arrived, and is this all.
import type { Ends } from "../shared/ends";
import type { Skips, Spot } from "./model";

export interface ServerPhoto {
  id: string;
  sha256: string;
  bytes: number;
  kind: string;
  spot: string | null;
  structure: string;
  state: string;
  problem: string | null;
  hints: string[];
}

export interface ServerState {
  state: string;
  job_state: string;
  photos: ServerPhoto[];
  model: string | null;
  /** Spots from which more photos are wanted, of a capture that was opened again. */
  wanted: Spot[];
  note: string | null;
  /** Where the house stands, if the organization said so. */
  place: [number, number] | null;
}

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly missing: string[],
  ) {
    super(code);
  }
}

export async function state(): Promise<ServerState> {
  return (await ask("/capture/state")) as ServerState;
}

/** One line of the manifest. */
export interface Named {
  sha256: string;
  size: number;
}

/** A typed length, with its ends in photos by their hashes. */
export interface Measured {
  kind: string;
  metres: number;
  ends: ({ sha256: string } & Ends)[];
}

/** Name every file; the answer is a Refusal with the missing ones, or nothing. */
export async function finish(photos: Named[], skips: Skips, measured: Measured[]): Promise<void> {
  await ask("/capture/finish", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ photos, skipped_spots: skips, measured }),
  });
}

/** Whether the phone is at the house; the distance only if its owner allows that. */
export async function sayPlace(answer: string, metres: number | null): Promise<void> {
  await ask("/capture/place", {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ answer, metres }),
  });
}

/** Two neighbours in the walk that do not overlap. */
export interface Gap {
  before: string;
  after: string;
  before_spot: string | null;
  after_spot: string | null;
}

export interface Coverage {
  state: "waiting" | "asked" | "judged" | "unjudged";
  gaps: Gap[];
}

/** What the server knows of the overlap of everything that has arrived. */
export async function coverage(skips: Skips): Promise<Coverage> {
  return (await ask("/capture/coverage", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ skipped_spots: skips }),
  })) as Coverage;
}

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(path, { ...init, cache: "no-store" });
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const told = (await answer.json().catch(() => ({}))) as {
    code?: string;
    errors?: { missing?: string[] };
  };
  throw new Refusal(answer.status, told.code ?? "", told.errors?.missing ?? []);
}
