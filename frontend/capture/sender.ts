// Sends what is on the shelf: two files at once, in checked pieces, resumed after anything.
import { Upload, type DetailedError } from "tus-js-client";
import { checksumOf, hashOf } from "./hash";
import { HOUSE, type Shot } from "./model";
import * as shelf from "./shelf";

const AT_ONCE_MAX = 2;
const PIECE_BYTES = 1 << 20;
const RETRY_MILLISECONDS = [500, 1500, 4000];
const REST_MILLISECONDS = 5000;
const PASSING = new Set([0, 408, 409, 423, 429, 460]);

export interface Told {
  /** The shots, newest state; the sender asks each time it has a hand free. */
  shots: () => Shot[];
  /** A shot's notes changed. */
  changed: (shot: Shot) => void;
  /** A file has arrived in full. */
  arrived: (shot: Shot) => void;
  /** The server takes nothing more: the code says why. */
  refused: (code: string) => void;
}

export class Sender {
  /** Bytes on their way, by shot, for the time that is left. */
  readonly progress = new Map<string, number>();
  bytesPerSecond = 0;
  private readonly busy = new Map<string, Upload | null>();
  private readonly sent = new Set<string>();
  private resting: number | undefined;
  private stopped = false;

  constructor(private readonly told: Told) {
    window.addEventListener("online", () => this.go());
  }

  /** Send whatever is not sent; call it whenever something may have changed. */
  go(): void {
    window.clearTimeout(this.resting);
    this.resting = undefined;
    for (const shot of this.told.shots()) {
      if (this.stopped || this.busy.size >= AT_ONCE_MAX) return;
      if (shot.safe || shot.problem || this.sent.has(shot.id) || this.busy.has(shot.id)) continue;
      this.busy.set(shot.id, null);
      void this.send(shot).catch(() => this.rest(shot));
    }
  }

  /** The server does not have it after all: from the start. */
  again(shot: Shot): void {
    this.sent.delete(shot.id);
    shot.upload = null;
    this.go();
  }

  async drop(shot: Shot): Promise<void> {
    const upload = this.busy.get(shot.id);
    this.busy.delete(shot.id);
    this.progress.delete(shot.id);
    if (upload) await upload.abort(true).catch(() => undefined);
    this.go();
  }

  stop(): void {
    this.stopped = true;
    for (const upload of this.busy.values()) void upload?.abort().catch(() => undefined);
    this.busy.clear();
  }

  private async send(shot: Shot): Promise<void> {
    const file = await shelf.file(shot.id);
    if (!file) {
      this.busy.delete(shot.id);
      return;
    }
    if (!shot.sha256) {
      shot.sha256 = await hashOf(file);
      await shelf.note(shot);
      this.told.changed(shot);
    }
    if (!this.busy.has(shot.id)) return;
    const upload = this.upload(shot, file);
    this.busy.set(shot.id, upload);
    upload.start();
  }

  private upload(shot: Shot, file: Blob): Upload {
    let began = performance.now();
    let before = 0;
    const upload: Upload = new Upload(file, {
      endpoint: "/capture/uploads",
      uploadUrl: shot.upload,
      chunkSize: PIECE_BYTES,
      retryDelays: RETRY_MILLISECONDS,
      storeFingerprintForResuming: false,
      metadata: metadataOf(shot),
      onUploadUrlAvailable: () => {
        shot.upload = upload.url && new URL(upload.url, location.href).pathname;
        void shelf.note(shot);
      },
      onBeforeRequest: async (request) => {
        if (request.getMethod() !== "PATCH") return;
        const start = Number(request.getHeader("Upload-Offset"));
        const piece = file.slice(start, start + PIECE_BYTES);
        request.setHeader("Upload-Checksum", await checksumOf(piece));
        began = performance.now();
        before = start;
      },
      onShouldRetry: (error) => mayPass(error),
      onProgress: (sent) => {
        this.progress.set(shot.id, sent);
        const seconds = (performance.now() - began) / 1000;
        if (seconds > 0.2) {
          const now = (sent - before) / seconds;
          this.bytesPerSecond = this.bytesPerSecond ? 0.8 * this.bytesPerSecond + 0.2 * now : now;
        }
        this.told.changed(shot);
      },
      onSuccess: () => {
        this.busy.delete(shot.id);
        this.sent.add(shot.id);
        this.told.arrived(shot);
        this.go();
      },
      onError: (error) => this.failed(shot, error as DetailedError),
    });
    return upload;
  }

  private failed(shot: Shot, error: DetailedError): void {
    const status = error.originalResponse?.getStatus() ?? 0;
    const code = codeOf(error);
    if (status === 413) {
      this.busy.delete(shot.id);
      shot.problem = code.startsWith("too_many") ? "too_many" : "too_large";
      void shelf.note(shot);
      this.told.changed(shot);
      this.go();
    } else if (status === 401 || code.startsWith("request_")) {
      this.stop();
      this.told.refused(status === 401 ? "no_session" : code);
    } else {
      if (status === 404 || status === 410) shot.upload = null;
      this.rest(shot);
    }
  }

  /** Try again by itself after a while; `go` and the network's return are faster. */
  private rest(shot: Shot): void {
    this.busy.delete(shot.id);
    this.told.changed(shot);
    this.resting ??= window.setTimeout(() => this.go(), REST_MILLISECONDS);
  }
}

function metadataOf(shot: Shot): Record<string, string> {
  const told: Record<string, string> = {
    filename: shot.name.slice(0, 100),
    kind: shot.kind,
    sequence: String(shot.sequence),
  };
  if (shot.sha256) told["sha256"] = shot.sha256;
  if (shot.spot) told["spot"] = shot.spot;
  if (shot.structure !== HOUSE) told["structure"] = shot.structure;
  return told;
}

function mayPass(error: DetailedError): boolean {
  const status = error.originalResponse?.getStatus() ?? 0;
  if (codeOf(error).startsWith("request_") || !navigator.onLine) return false;
  return PASSING.has(status) || status >= 500;
}

function codeOf(error: DetailedError): string {
  try {
    const told = JSON.parse(error.originalResponse?.getBody() ?? "{}") as { code?: string };
    return told.code ?? "";
  } catch {
    return "";
  }
}
