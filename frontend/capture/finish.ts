// The end: wait until everything is safe, name it to the server, say so in plain words.
import type { Capture } from "./capture";
import { part, show } from "./dom";
import type { Overlap } from "./overlap";
import { Refusal } from "./server";
import { sayProblems, showShots } from "./shots";
import { bytesText, say, sayIfKnown } from "./words";

const JOB_MILLISECONDS = 5000;
const AGAIN_MILLISECONDS = 2000;

export class Finish {
  private asking = false;

  constructor(
    private readonly capture: Capture,
    private readonly overlap: Overlap,
    private readonly failed: (text: string) => void,
  ) {
    part("finish-back").addEventListener("click", () => void capture.jot({ finishing: false }));
    capture.onChange(() => void this.goOn());
    window.setInterval(() => {
      const state = capture.state;
      const waits = state?.state === "complete" && !["complete", "failed"].includes(state.job_state);
      if (waits && !document.hidden) void capture.compare();
    }, JOB_MILLISECONDS);
  }

  /** Draw how far the sending is, and end the capture as soon as nothing is left. */
  private async goOn(): Promise<void> {
    const { shots, notes, state } = this.capture;
    if (!notes.finishing || state?.state === "complete") return;
    const left = shots.filter((shot) => !shot.safe && !shot.problem);
    this.draw(left.length);
    if (left.length || this.asking || !navigator.onLine) return;
    this.asking = true;
    try {
      if (!(await this.overlap.letsFinish())) return;
      if ((await this.capture.finish()) === "done") await this.capture.jot({ finishing: false });
    } catch (error) {
      if (!(error instanceof Refusal)) {
        // The network failed, not the capture: ask again by itself.
        window.setTimeout(() => void this.goOn(), AGAIN_MILLISECONDS);
        return;
      }
      await this.capture.jot({ finishing: false });
      const { code } = error;
      this.failed(say(code === "no_usable_photo" ? "app.finish_unusable" : "failures.other"));
      if (code.startsWith("request_") || code === "wrong_state") await this.capture.compare();
    } finally {
      this.asking = false;
    }
  }

  private draw(left: number): void {
    const { shots, sender } = this.capture;
    const total = shots.reduce((sum, shot) => sum + shot.size, 0);
    const gone = shots.reduce(
      (sum, shot) => sum + (shot.safe ? shot.size : (sender.progress.get(shot.id) ?? 0)),
      0,
    );
    part<HTMLProgressElement>("finish-bar").value = total ? gone / total : 0;
    const seconds = (total - gone) / (sender.bytesPerSecond || 1e6);
    part("finish-count").textContent = navigator.onLine
      ? say("app.waiting", { n: left, time: timeText(seconds) })
      : say("app.waiting_offline", { n: left });
  }
}

/** The done page: what is safe, and how far the model is. */
export function drawDone(capture: Capture): void {
  const state = capture.state;
  if (!state) return;
  const bytes = state.photos.reduce((sum, photo) => sum + photo.bytes, 0);
  part("done-count").textContent = say("page.done_count", {
    n: state.photos.length,
    size: bytesText(bytes),
  });
  part("done-job").textContent =
    sayIfKnown(`app.job_${state.job_state}`) ?? say("page.done_next_text");
  const model = part<HTMLAnchorElement>("done-model");
  show("done-model", Boolean(state.model));
  if (state.model) model.href = state.model;
  const bad = capture.shots.filter((shot) => shot.problem);
  show("done-problems", bad.length > 0);
  sayProblems(part("done-problem-words"), bad);
  showShots(part("done-shots"), capture.shots, () => undefined);
}

export function timeText(seconds: number): string {
  return seconds < 60 ? say("app.seconds") : say("app.minutes", { n: Math.ceil(seconds / 60) });
}
