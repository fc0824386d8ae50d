// What a phone has besides a camera: a screen that sleeps, a voice, and a sense of level.

export class StayAwake {
  private lock: WakeLockSentinel | null = null;

  async start(): Promise<void> {
    try {
      this.lock = (await navigator.wakeLock?.request("screen")) ?? null;
    } catch {
      this.lock = null;
    }
  }

  stop(): void {
    void this.lock?.release();
    this.lock = null;
  }
}

export class Speech {
  on = false;

  say(text: string): void {
    if (!this.on || !("speechSynthesis" in window)) return;
    speechSynthesis.cancel();
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.lang = document.documentElement.lang;
    speechSynthesis.speak(spoken);
  }

  quiet(): void {
    if ("speechSynthesis" in window) speechSynthesis.cancel();
  }
}

/** Whether the phone is set to save data; only some browsers say. */
export function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

let watching = false;

/** Turn a line with the phone, so that it lies level when the phone does. */
export function watchLevel(line: HTMLElement): void {
  if (watching) return;
  watching = true;
  window.addEventListener("devicemotion", (event) => {
    const { x, y } = event.accelerationIncludingGravity ?? {};
    if (x == null || y == null) return;
    const screenDegrees = screen.orientation?.angle ?? 0;
    const roll = (Math.atan2(x, y) * 180) / Math.PI - screenDegrees;
    const turned = ((roll + 540) % 360) - 180;
    line.style.setProperty("--roll", `${turned.toFixed(1)}deg`);
    line.classList.toggle("is-level", Math.abs(turned) < 2);
    line.classList.add("is-known");
  });
}
