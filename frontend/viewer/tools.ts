// The buttons round the picture, and what mouse, finger and keys do on it.
import type { Choosing } from "./choosing";
import type { Paints } from "./colours";
import type { House } from "./house";
import type { Labels } from "./labels";
import { fillMeasurePanel, NO_FRAME, NO_SCALE } from "./measure-panel";
import { Measuring } from "./measuring";
import { Outlines } from "./outlines";
import { find, say, toggle } from "./page";
import { PhotoPanel } from "./photo-panel";
import { Photos } from "./photos";
import { Picking } from "./picking";
import { savePicture } from "./picture";
import { point } from "./pointing";
import { type Cut, CUTS, Section } from "./section";
import { chosenUnits, keepUnits, type Units } from "./units";
import { type ViewName, VIEWS, type Views } from "./views";

type Parts = { root: HTMLElement; house: House; views: Views; labels: Labels; choosing: Choosing };

/** Connect everything; what paints it in the page's colours. */
export function wire({ root, house, views, labels, choosing }: Parts, signal: AbortSignal): (paints: Paints) => void {
  const { stage } = house;
  const picking = new Picking(house);
  const outlines = new Outlines(house);
  const measuring = new Measuring(house, picking, (text) => say(root, text));
  const section = new Section(house);
  const photos = new Photos(house);
  const panel = new PhotoPanel(root, house, photos, views, signal);
  let units: Units = chosenUnits();
  let isMeasuring = false;
  views.onTaken = () => panel.leave();

  const write = () => {
    find(root, "units").textContent = units === "feet" ? "Metres" : "Feet";
    labels.write(units);
    measuring.write(units);
    cut();
  };
  const cut = () => {
    const kind = find<HTMLSelectElement>(root, "cut").value;
    const share = find<HTMLInputElement>(root, "cut-at");
    share.disabled = !(CUTS as readonly string[]).includes(kind);
    const said = section.at(share.disabled ? null : (kind as Cut), Number(share.value) / 100, units);
    find(root, "cut-said").textContent = said;
    share.setAttribute("aria-valuetext", said);
  };
  const setLengths = toggle(root, "lengths", (isOn) => labels.show(isOn), signal);
  const setMeasure = toggle(root, "measure", (isOn) => {
    isMeasuring = isOn && measuring.isPossible;
    find(root, "measure-panel").hidden = !isMeasuring;
    find(root, "view").classList.toggle("measuring", isMeasuring);
    if (!isOn) measuring.clear();
    else if (isMeasuring) say(root, "Choose two points, in the picture or in the lists.");
    else say(root, house.told.scaled ? NO_FRAME : NO_SCALE);
  }, signal);
  const setCut = toggle(root, "section", (isOn) => {
    find(root, "section-panel").hidden = !isOn;
    if (!isOn) find<HTMLSelectElement>(root, "cut").value = "";
    cut();
  }, signal);
  const setPhotos = toggle(root, "photos", (isOn) => {
    photos.show(isOn);
    find(root, "photo-panel").hidden = !isOn || photos.count === 0;
    if (!isOn) panel.leave();
    else if (photos.count === 0) say(root, "It is not known where the photos of this model were taken. Models that are built from now on know it.");
  }, signal);

  const on = (what: string, event: string, act: () => void) => find(root, what).addEventListener(event, act, { signal });
  on("cut", "change", cut);
  on("cut-at", "input", cut);
  on("units", "click", () => {
    units = units === "feet" ? "metres" : "feet";
    keepUnits(units);
    write();
  });
  on("picture", "click", () => void savePicture(stage, labels));
  wireFullScreen(root, signal);
  for (const name of VIEWS) on(`view-${name}`, "click", () => views.show(name as ViewName));
  const allOff = () => {
    for (const set of [setLengths, setMeasure, setCut, setPhotos]) set(false);
  };
  on("reset", "click", () => {
    allOff();
    choosing.clear();
    views.show("corner");
  });
  fillMeasurePanel(root, house, measuring, signal);
  allOff();
  find(root, "lengths").hidden = labels.count === 0;
  write();

  point(find(root, "view"), {
    press: (at, isFinger) => {
      if (isMeasuring) return measuring.take(at, isFinger);
      const photo = photos.under(at);
      if (photo) return panel.look(photo);
      const part = picking.part(at, isFinger);
      if (part) choosing.choose(part, false);
      else choosing.clear();
    },
    over: (at) => {
      if (isMeasuring) measuring.aim(at, false);
    },
    key: (event) => {
      if (event.key !== "Escape") return views.key(event);
      if (isMeasuring) setMeasure(false);
      else choosing.clear();
      return true;
    },
  }, signal);
  return (paints) => {
    outlines.paint(paints);
    choosing.highlight.paint(paints);
    measuring.paint(paints);
    photos.paint(paints);
  };
}

function wireFullScreen(root: HTMLElement, signal: AbortSignal): void {
  const button = find<HTMLButtonElement>(root, "full");
  // Phones of one maker give the whole screen to videos alone.
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => void (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()), { signal });
  document.addEventListener("fullscreenchange", () => {
    button.textContent = document.fullscreenElement === root ? "Leave full screen" : "Full screen";
  }, { signal });
}
