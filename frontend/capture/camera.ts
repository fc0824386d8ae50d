// The camera in the page: walks with the person, keeps frames by itself, takes stills.
import type { Capture } from "./capture";
import { part } from "./dom";
import { canvasOf, lookAt, toJpeg } from "./look";
import { HOUSE, nextSpot, SPOTS, type Spot } from "./model";
import { drawRing, fillRing } from "./plan";
import { Speech, StayAwake, watchLevel } from "./senses";
import { Walk } from "./walk";
import { say } from "./words";

const LOOK_MILLISECONDS = 250;
const STILL_MILLISECONDS = 350;
const TAKE_MILLISECONDS_MAX = 3000;
const FRAME_QUALITY = 0.92;
const SHOTS_MAX = 150;
const HINT_MILLISECONDS = 1500;

// Back main lens, as many pixels as it gives; the phone chooses the nearest it has.
const CONSTRAINTS: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 3840 }, height: { ideal: 2160 } },
};

interface StillCamera {
  takePhoto(): Promise<Blob>;
}
declare const ImageCapture: { new (track: MediaStreamTrack): StillCamera } | undefined;

export function hasCamera(): boolean {
  return window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);
}

export class Camera {
  private readonly video = part<HTMLVideoElement>("camera-video");
  private readonly dialog = part<HTMLDialogElement>("camera");
  private readonly awake = new StayAwake();
  private readonly speech = new Speech();
  private stream: MediaStream | null = null;
  private walk = new Walk(0);
  private timer: number | undefined;
  private busy = false;
  private paused = false;
  private hintedAt = 0;

  constructor(
    private readonly capture: Capture,
    private readonly failed: (text: string) => void,
  ) {
    part("shutter").addEventListener("click", () => void this.still());
    part("camera-stop").addEventListener("click", () => this.close());
    part("camera-pause").addEventListener("click", () => this.pause(!this.paused));
    part("camera-skip").addEventListener("click", () => this.skip());
    part("camera-voice").addEventListener("click", () => this.voice());
    this.dialog.addEventListener("close", () => this.stop());
    document.addEventListener("visibilitychange", () => void this.wakeUp());
    drawRing(part<SVGGElement>("camera-ring"));
    capture.onChange(() => this.draw());
  }

  async open(): Promise<void> {
    const start = nextSpot(this.capture.here, this.capture.skips) ?? "front";
    this.walk = new Walk(SPOTS.indexOf(start));
    if (!(await this.connect())) return;
    this.dialog.showModal();
    this.pause(false);
    this.hint(say("app.camera_walk"));
    this.draw();
    void this.awake.start();
    watchLevel(part("camera-level"));
    this.timer = window.setInterval(() => void this.tick(), LOOK_MILLISECONDS);
  }

  close(): void {
    this.dialog.close();
  }

  private async connect(): Promise<boolean> {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
      this.video.srcObject = this.stream;
      await this.video.play();
      return true;
    } catch (error) {
      const denied = error instanceof DOMException && error.name === "NotAllowedError";
      this.stop();
      this.failed(say(denied ? "app.camera_denied" : "app.camera_broken"));
      return false;
    }
  }

  /** A phone takes the camera away while the page is hidden. */
  private async wakeUp(): Promise<void> {
    if (document.hidden || !this.dialog.open) return;
    void this.awake.start();
    if (this.stream?.getVideoTracks()[0]?.readyState === "ended" && !(await this.connect())) this.close();
  }

  private stop(): void {
    window.clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
    this.awake.stop();
    this.speech.quiet();
  }

  private async tick(): Promise<void> {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (this.paused || this.busy || !width || this.capture.shots.length >= SHOTS_MAX) return;
    const verdict = this.walk.judge(lookAt(this.video, width, height), performance.now());
    if (verdict === "keep") {
      this.busy = true;
      try {
        await this.keep(await this.frame(), this.walk.spot);
      } finally {
        this.busy = false;
      }
    }
    if (verdict === "dark") this.hint(say("app.camera_dark"));
    if (verdict === "blurred") this.hint(say("app.camera_slow"));
    if (verdict === "stand") this.hint(this.standText());
    if (verdict === "wait") this.hint(say(height > width ? "app.camera_sideways" : "app.camera_walk"));
  }

  private standText(): string {
    const round = nextSpot(this.capture.here, this.capture.skips) === null;
    if (round) return say("app.camera_round");
    return say("app.camera_stand", { spot: say(`spots.${this.walk.nextSpot}`) });
  }

  /** A picture taken standing still, with all the pixels that the camera has. */
  private async still(): Promise<void> {
    while (this.busy) await pause(LOOK_MILLISECONDS / 5);
    if (!this.stream) return;
    this.busy = true;
    try {
      this.hint(say("app.camera_still"), true);
      await pause(STILL_MILLISECONDS);
      const taken = (await this.take()) ?? (await this.frame());
      await this.keep(taken, this.walk.still());
      this.hint(say("app.camera_kept"), true);
    } finally {
      this.busy = false;
    }
  }

  private async take(): Promise<Blob | null> {
    const track = this.stream?.getVideoTracks()[0];
    if (typeof ImageCapture === "undefined" || !track) return null;
    try {
      const late = pause(TAKE_MILLISECONDS_MAX).then(() => null);
      const taken = await Promise.race([new ImageCapture(track).takePhoto(), late]);
      return taken?.type === "image/jpeg" ? taken : null;
    } catch {
      return null;
    }
  }

  private frame(): Promise<Blob | null> {
    const canvas = canvasOf(this.video.videoWidth, this.video.videoHeight);
    canvas.getContext("2d")?.drawImage(this.video, 0, 0);
    return toJpeg(canvas, FRAME_QUALITY);
  }

  private async keep(picture: Blob | null, spot: Spot): Promise<void> {
    if (!picture) return;
    try {
      const name = `walk-${this.capture.shots.length + 1}.jpg`;
      await this.capture.add(picture, { name, spot, kind: "photo" });
    } catch {
      this.close();
      this.failed(say("app.storage_full"));
      return;
    }
    const flash = part("camera-flash");
    flash.classList.remove("flash");
    void flash.offsetWidth;
    flash.classList.add("flash");
  }

  private skip(): void {
    const spot = this.walk.nextSpot;
    const taken = this.capture.here.some((shot) => shot.spot === spot);
    if (!taken && this.capture.notes.structure === HOUSE) void this.capture.jot({ skips: { ...this.capture.notes.skips, [spot]: "other" } });
    this.walk.advance();
    this.draw();
    this.hint(say("app.next", { spot: say(`spots.${this.walk.nextSpot}`) }), true);
  }

  private pause(paused: boolean): void {
    this.paused = paused;
    part("camera-pause").textContent = say(paused ? "camera.resume" : "camera.pause");
    this.dialog.classList.toggle("is-paused", paused);
  }

  private voice(): void {
    const button = part("camera-voice");
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    this.speech.on = on;
  }

  /** One hint at a time; a new one waits until the last could be read. */
  private hint(text: string, urgent = false): void {
    const line = part("camera-hint");
    const now = performance.now();
    if (line.textContent === text) return;
    if (!urgent && now - this.hintedAt < HINT_MILLISECONDS) return;
    this.hintedAt = now;
    line.textContent = text;
    this.speech.say(text);
  }

  private draw(): void {
    if (!this.dialog.open) return;
    fillRing(part<SVGGElement>("camera-ring"), this.capture.here);
    part("camera-count").textContent = String(this.capture.shots.length);
    part("shutter").classList.toggle("is-due", this.walk.full);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => window.setTimeout(resolve, milliseconds));
}
