// The capture page: wires its parts to one capture and shows the view that fits its state.
import "./capture.css";
import { Camera, hasCamera } from "./camera";
import { Capture } from "./capture";
import { onFiles, part, show } from "./dom";
import { drawDone, Finish } from "./finish";
import { MeasureSheet } from "./measure";
import { HOUSE, isEnough, isSpot, nextSpot, type Shot, type Spot, stillWanted } from "./model";
import { keepPage } from "./offline";
import { Overlap } from "./overlap";
import { PlaceCheck } from "./place";
import { drawRing, fillRing, markSpots } from "./plan";
import { askIfEnough, LookSheet, SpotSheet } from "./sheets";
import { sayProblems, showShots } from "./shots";
import { say } from "./words";

const BYTES_MAX = { photo: 40 << 20, video: 400 << 20 };
const VIEWS = ["cards", "map", "finish", "done"] as const;

const app = part("app");
const capture = new Capture(app.dataset["capture"] ?? "");
const look = new LookSheet(capture);
const sheet = new SpotSheet(capture, look, (files, spot) => void take(files, spot));
const camera = new Camera(capture, (text) => {
  part<HTMLDetailsElement>("ways").open = true;
  tell(text);
});
const measure = new MeasureSheet(capture);
new Finish(capture, new Overlap(capture, take), tell);
new PlaceCheck(capture);
let told = "";

/** Keep what a person picked; what does not fit is said by name. */
async function take(files: File[], spot: Spot | null): Promise<void> {
  told = "";
  for (const file of files) {
    const kind = file.type.startsWith("video/") ? "video" : "photo";
    if (file.size > BYTES_MAX[kind] || file.size === 0) {
      tell(say("app.problem_too_large"));
      continue;
    }
    try {
      await capture.add(file, { name: file.name, spot: kind === "photo" ? spot : null, kind });
    } catch {
      tell(say("app.storage_full"));
      return;
    }
  }
  if (spot) await capture.jot({ open: null });
}

function suggested(): Spot | null {
  if (isSecondVisit()) return wantedNow()[0] ?? null;
  return nextSpot(capture.here, capture.skips);
}

/** Whether the organization opened a finished capture again. */
function isSecondVisit(): boolean {
  return capture.state?.note != null;
}

function wantedNow(): Spot[] {
  if (capture.notes.structure !== HOUSE) return [];
  return stillWanted(capture.shots, capture.state?.wanted ?? []);
}

function draw(): void {
  const { shots, notes, state } = capture;
  const done = state?.state === "complete";
  const view = done ? "done" : notes.finishing ? "finish" : notes.cardsSeen ? "map" : "cards";
  for (const name of VIEWS) show(`view-${name}`, name === view);
  for (const box of savers()) box.checked = capture.saver;
  drawSafe(shots);
  drawNotice();
  if (view === "map") drawMap(capture.here);
  if (view === "done") drawDone(capture);
}

function drawMap(shots: Shot[]): void {
  const next = suggested();
  drawStructures();
  fillRing(part<SVGGElement>("ring"), shots);
  markSpots(part("map"), shots, { skips: capture.skips, next, wanted: wantedNow() });
  drawWanted();
  const name = next ? say(`spots.${next}`) : "";
  part("next").textContent = next ? say("app.next", { spot: name }) : say("app.all_round");
  part("native-label").textContent = next ? say("page.photo_here", { spot: name }) : say("page.photos_native");
  part("walk").textContent = say(shots.length ? "page.walk_on" : "page.walk");
  show("finish", capture.shots.length > 0 || Boolean(capture.state?.photos.length));
  const bad = shots.filter((shot) => shot.problem);
  show("problems", bad.length > 0);
  sayProblems(part("problem-words"), bad);
  showShots(part("problem-shots"), bad, (shot) => look.open(shot));
  showShots(
    part("shots"),
    shots.filter((shot) => !shot.problem),
    (shot) => look.open(shot),
  );
}

/** Which building the map is of, and how much there is of each. */
function drawStructures(): void {
  const { structure } = capture.notes;
  for (const chip of structureChips()) {
    const kind = chip.dataset["structure"] ?? HOUSE;
    const count = capture.shots.filter((shot) => shot.structure === kind).length;
    const name = say(`structures.${kind}`);
    chip.textContent = count ? say("structures.count", { name, n: count }) : name;
    chip.setAttribute("aria-pressed", String(kind === structure));
  }
  if (structure !== HOUSE) part<HTMLDetailsElement>("structures").open = true;
  part("map-title").textContent =
    structure !== HOUSE
      ? say("structures.title", { name: say(`structures.${structure}`) })
      : say(isSecondVisit() ? "page.wanted_title" : "page.map_title");
}

function structureChips(): NodeListOf<HTMLElement> {
  return document.querySelectorAll<HTMLElement>("[data-structure]");
}

function drawWanted(): void {
  show("wanted", isSecondVisit());
  const spots = wantedNow().map((spot) => say(`spots.${spot}`)).join(", ");
  part("wanted-spots").textContent = spots ? say("page.wanted", { spots }) : say("page.wanted_none");
  part("wanted-note").textContent = capture.state?.note ?? "";
}

function drawSafe(shots: Shot[]): void {
  const safe = shots.filter((shot) => shot.safe).length;
  const text =
    shots.length === 0
      ? say("app.none")
      : safe === shots.length
        ? say("app.all_safe", { n: safe })
        : say("app.safe_of", { safe, n: shots.length });
  const line = part("safe");
  if (line.textContent !== text) line.textContent = text;
  line.dataset["all"] = String(safe === shots.length && safe > 0);
}

function drawNotice(): void {
  const lost = capture.refused === "no_session" ? say("app.session_lost") : "";
  const elsewhere = capture.refused === "request_complete" && capture.shots.some((shot) => !shot.safe);
  const offline = navigator.onLine ? "" : say("app.offline");
  const text = lost || (elsewhere ? say("app.finish_elsewhere") : "") || told || offline;
  const notice = part("notice");
  notice.hidden = !text;
  if (notice.textContent !== text) notice.textContent = text;
}

function savers(): NodeListOf<HTMLInputElement> {
  return document.querySelectorAll<HTMLInputElement>("[data-saver]");
}

function tell(text: string): void {
  told = text;
  draw();
}

/** A label that opens a file picker works by keyboard too. */
function press(label: HTMLElement): void {
  const input = label.querySelector("input");
  input?.addEventListener("click", () => void capture.jot({ open: suggested() }));
}

async function finish(): Promise<void> {
  const enough = isEnough(capture.shots) || isSecondVisit();
  if (!enough && !(await askIfEnough(capture))) return;
  // What makes no model needs no size.
  if (enough && !capture.notes.measureAsked && !isSecondVisit()) await measure.ask();
  await capture.jot({ finishing: true });
  capture.sender.go();
}

function wire(): void {
  drawRing(part<SVGGElement>("ring"));
  for (const dot of part("map").querySelectorAll<HTMLElement>(".spot")) {
    dot.addEventListener("click", () => sheet.open(dot.dataset["spot"] as Spot));
  }
  part("cards-go").addEventListener("click", () => void capture.jot({ cardsSeen: true }));
  for (const box of savers()) box.addEventListener("change", () => void capture.jot({ saver: box.checked }));
  for (const chip of structureChips()) {
    chip.addEventListener("click", () => void capture.jot({ structure: chip.dataset["structure"] ?? HOUSE }));
  }
  part("walk").addEventListener("click", () => void camera.open());
  part("finish").addEventListener("click", () => void finish());
  for (const id of ["native", "native-other"]) {
    press(part(id));
    onFiles(`${id}-input`, (files) => void take(files, suggested()));
  }
  for (const id of ["video-input", "library-input"]) onFiles(id, (files) => void take(files, null));
  show("walk", hasCamera());
  show("native", !hasCamera());
  show("native-other", hasCamera());
  window.addEventListener("online", draw);
  window.addEventListener("offline", draw);
  capture.onChange(draw);
}

async function start(): Promise<void> {
  wire();
  try {
    await capture.open();
  } catch {
    tell(say("app.storage_full"));
  }
  const { open } = capture.notes;
  if (open && isSpot(open) && capture.state?.state !== "complete") sheet.open(open);
}

void start();
void keepPage();
