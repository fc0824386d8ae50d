// The organization's viewer of a model: opened on the tab that shows it, closed when it is left.
import { Choosing } from "./choosing";
import { paints } from "./colours";
import { groundShadow } from "./ground";
import { House } from "./house";
import { Labels } from "./labels";
import { listAlone } from "./list";
import { loadMeshes, TooLarge } from "./loading";
import { find, tell } from "./page";
import { fetchScene, type Scene } from "./scene";
import { Stage } from "./stage";
import { wire } from "./tools";
import { Views } from "./views";

const LIST_STAYS = "All numbers are in the list below.";
const LOADING = "Loading the model";

/** Show the model in this part of the page; what closes it again. */
export function openViewer(root: HTMLElement): () => void {
  const ending = new AbortController();
  let stage: Stage | null = null;
  const close = () => {
    ending.abort();
    delete root.dataset["state"];
    stage?.dispose();
    stage = null;
  };
  const open = async () => {
    tell(root, `${LOADING}…`);
    try {
      stage = new Stage(find(root, "view"));
    } catch {
      listAlone(root, ending.signal);
      tell(root, `This browser cannot draw in 3D here. ${LIST_STAYS}`, true);
      return;
    }
    try {
      const told = await fetchScene(root.dataset["scene"]!, ending.signal);
      await build(root, stage, told, ending.signal);
    } catch (error) {
      if (ending.signal.aborted) return;
      stage?.dispose();
      stage = null;
      listAlone(root, ending.signal);
      tell(root, `${excuse(error)} ${LIST_STAYS}`, true);
    }
  };
  void open();
  return close;
}

async function build(root: HTMLElement, stage: Stage, told: Scene, signal: AbortSignal): Promise<void> {
  const meshes = await loadMeshes(told.model, signal, (share) => tell(root, `${LOADING}, ${Math.floor(share * 4) * 25} %…`));
  if (signal.aborted) return;
  const house = new House(stage, meshes, told);
  stage.scene.add(groundShadow(house));
  const views = new Views(stage);
  const labels = new Labels(house);
  const choosing = new Choosing(root, house, views, labels, signal);
  const painted = wire({ root, house, views, labels, choosing }, signal);
  const paint = () => {
    painted(paints(root));
    stage.invalidate();
  };
  paint();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint, { signal });
  watchContext(root, stage, signal);
  views.show("corner", true);
  choosing.clear();
  tell(root, "");
  find(root, "tools").hidden = false;
  stage.draw();
  root.dataset["state"] = "ready";
}

/** A graphics card that was taken away says so, and comes back by itself where it can. */
function watchContext(root: HTMLElement, stage: Stage, signal: AbortSignal): void {
  const canvas = stage.renderer.domElement;
  canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault();
    if (!signal.aborted) tell(root, `The picture was lost: this device took its graphics memory back. ${LIST_STAYS} Load the page again to see it.`, true);
  }, { signal });
  canvas.addEventListener("webglcontextrestored", () => {
    tell(root, "");
    stage.invalidate();
  }, { signal });
}

function excuse(error: unknown): string {
  if (error instanceof TooLarge) return "This model is larger than 8 MB and is not drawn here. Its file can be downloaded under Files.";
  if (error instanceof TypeError) return "The model did not arrive: the connection broke off. Load the page again to try once more.";
  return "The model's file could not be read. Build the model again, or download the file under Files.";
}
