// One capture on this phone: the shelf, the sender and the server's word, kept in step.
import { hashOf } from "./hash";
import { inspect, lighter } from "./look";
import { HOUSE, type Kind, type Shot, type Skips, type Spot } from "./model";
import { savesData } from "./senses";
import { Sender } from "./sender";
import * as server from "./server";
import * as shelf from "./shelf";

const COMPARE_MILLISECONDS = 400;
const CHECKING_MILLISECONDS = 3000;

export class Capture {
  shots: Shot[] = [];
  notes: shelf.Notes = { ...shelf.NO_NOTES };
  state: server.ServerState | null = null;
  /** Why the server takes nothing more, if so. */
  refused = "";
  readonly sender: Sender;
  private comparing: number | undefined;
  private listeners: (() => void)[] = [];
  private announced = false;
  /** Another tab with the same capture, if the browser lets them talk. */
  private readonly tabs = "BroadcastChannel" in window ? new BroadcastChannel("doorstep-capture") : null;

  constructor(readonly id: string) {
    this.tabs?.addEventListener("message", () => void this.reread());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.reread();
    });
    this.sender = new Sender({
      shots: () => this.shots,
      changed: () => this.changed(),
      arrived: () => this.compareSoon(),
      refused: (code) => {
        this.refused = code;
        this.compareSoon();
        this.changed();
      },
    });
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Read the shelf, ask the server, go on sending. */
  async open(): Promise<void> {
    this.shots = await shelf.all(this.id);
    this.notes = await shelf.notes(this.id);
    this.changed();
    await this.compare();
    if (this.state?.state !== "complete") this.sender.go();
  }

  /** Whether photos are made smaller before they are kept; by itself as the phone is set. */
  get saver(): boolean {
    return this.notes.saver ?? savesData();
  }

  /** The shots of the building that the map shows. */
  get here(): Shot[] {
    return this.shots.filter((shot) => shot.structure === this.notes.structure);
  }

  /** The spots of it that cannot be reached; reasons are asked for the house only. */
  get skips(): Skips {
    return this.notes.structure === HOUSE ? this.notes.skips : {};
  }

  async jot(told: Partial<shelf.Notes>): Promise<void> {
    this.notes = { ...this.notes, ...told };
    await shelf.jot(this.id, this.notes);
    this.changed();
  }

  /** What another tab has put on the shelf, or taken off it. */
  private async reread(): Promise<void> {
    const known = new Map(this.shots.map((shot) => [shot.id, shot]));
    this.shots = (await shelf.all(this.id)).map((shot) => known.get(shot.id) ?? shot);
    await this.compare();
    if (this.state?.state !== "complete") this.sender.go();
  }

  /** Put a file on the shelf, then show it, then send it; the same bytes twice are one shot. */
  async add(taken: Blob, told: { name: string; spot: Spot | null; kind: Kind }): Promise<Shot> {
    const isPhoto = told.kind === "photo";
    const file = isPhoto && this.saver ? await lighter(taken) : taken;
    // A long video is hashed when its turn to be sent comes: it must be on the shelf first.
    const sha256 = isPhoto ? await hashOf(file) : null;
    const same = sha256 && this.shots.find((shot) => shot.sha256 === sha256);
    if (same) return same;
    const seen = isPhoto ? await inspect(file) : { hints: [], small: null };
    const shot: Shot = {
      ...told,
      id: identifier(),
      structure: this.notes.structure,
      capture: this.id,
      sequence: this.nextSequence(),
      type: file.type,
      size: file.size,
      sha256,
      upload: null,
      safe: false,
      serverId: null,
      problem: null,
      hints: seen.hints,
    };
    await shelf.keep(shot, file, seen.small);
    this.shots.push(shot);
    this.tabs?.postMessage("kept");
    this.changed();
    this.sender.go();
    return shot;
  }

  async remove(shot: Shot): Promise<void> {
    this.shots = this.shots.filter((one) => one !== shot);
    await shelf.forget(shot.id);
    this.tabs?.postMessage("removed");
    await this.sender.drop(shot);
    this.changed();
  }

  /** Ask the server what it has, and mark what is the same, byte by byte, as safe. */
  async compare(): Promise<void> {
    try {
      this.state = await server.state();
    } catch (error) {
      if (error instanceof server.Refusal && error.status === 401) this.refused = "no_session";
      this.changed();
      return;
    }
    const stored = new Map(this.state.photos.map((photo) => [photo.sha256, photo]));
    for (const shot of this.shots) {
      const photo = shot.sha256 ? stored.get(shot.sha256) : undefined;
      if (photo && photo.bytes === shot.size) await this.settle(shot, photo);
    }
    if (this.state.state === "complete") this.sender.stop();
    // A picture is opened by the server a little later; say what it found while there is time.
    if (this.state.state !== "complete" && this.state.photos.some((p) => p.state === "stored")) {
      this.compareSoon(CHECKING_MILLISECONDS);
    }
    this.changed();
  }

  /** End the capture; the missing ones are sent again when the server lacks any. */
  async finish(): Promise<"done" | "missing"> {
    try {
      await server.finish(this.manifest(), this.notes.skips, this.measured());
    } catch (error) {
      if (!(error instanceof server.Refusal) || error.code !== "photos_missing") throw error;
      const missing = new Set(error.missing);
      for (const shot of this.shots) {
        if (!shot.sha256 || !missing.has(shot.sha256)) continue;
        shot.safe = false;
        this.sender.again(shot);
      }
      return "missing";
    }
    await this.compare();
    await shelf.lighten(this.shots.map((shot) => shot.id));
    return "done";
  }

  /** Every file that is known, also those of an earlier visit whose notes this phone lost. */
  private manifest(): server.Named[] {
    const lines = new Map<string, server.Named>();
    for (const photo of this.state?.photos ?? []) {
      if (photo.problem === "lost") continue;
      lines.set(photo.sha256, { sha256: photo.sha256, size: photo.bytes });
    }
    for (const { safe, sha256, size, problem } of this.shots) {
      if (safe && sha256 && problem !== "lost") lines.set(sha256, { sha256, size });
    }
    return [...lines.values()];
  }

  /** The typed length, with its ends in the photos that the server has. */
  private measured(): server.Measured[] {
    const { measure } = this.notes;
    if (!measure) return [];
    const hashes = new Map(this.shots.map((shot) => [shot.id, shot.safe ? shot.sha256 : null]));
    const ends = measure.ends.flatMap(({ shot, a, b }) => {
      const sha256 = hashes.get(shot);
      return sha256 ? [{ sha256, a, b }] : [];
    });
    return [{ kind: measure.kind, metres: measure.metres, ends }];
  }

  private async settle(shot: Shot, photo: server.ServerPhoto): Promise<void> {
    if (photo.problem === "lost" && (await shelf.file(shot.id))) return this.bringAgain(shot);
    if (shot.safe && shot.serverId === photo.id && shot.problem === photo.problem) return;
    shot.safe = true;
    shot.serverId = photo.id;
    shot.problem = photo.problem;
    await shelf.note(shot);
  }

  /** The server has lost it, and it is here still. */
  private async bringAgain(shot: Shot): Promise<void> {
    if (!shot.safe && !shot.problem) return;
    shot.safe = false;
    shot.problem = null;
    await shelf.note(shot);
    this.sender.again(shot);
  }

  private compareSoon(after = COMPARE_MILLISECONDS): void {
    window.clearTimeout(this.comparing);
    this.comparing = window.setTimeout(() => void this.compare(), after);
  }

  private nextSequence(): number {
    return 1 + Math.max(0, ...this.shots.map((shot) => shot.sequence));
  }

  /** Tell the page, at most once a frame. */
  private changed(): void {
    if (this.announced) return;
    this.announced = true;
    requestAnimationFrame(() => {
      this.announced = false;
      for (const listener of this.listeners) listener();
    });
  }
}

/** `crypto.randomUUID` exists in secure contexts only. */
function identifier(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("");
}
