// The picture as it is on the screen, with its labels, as a file.
import type { Labels } from "./labels";
import type { Stage } from "./stage";

const FILE = "model.png";
const FONT_PIXELS = 13;

export async function savePicture(stage: Stage, labels: Labels): Promise<void> {
  stage.draw();
  const drawn = stage.renderer.domElement;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [drawn.width, drawn.height];
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(stage.view);
  const paint = (name: string) => style.getPropertyValue(`--${name}`).trim();
  context.fillStyle = paint("surface");
  context.fillRect(0, 0, canvas.width, canvas.height);
  // In the same turn in which it was drawn: afterwards the browser may empty the canvas.
  context.drawImage(drawn, 0, 0);
  const ratio = drawn.width / Math.max(1, drawn.clientWidth);
  context.scale(ratio, ratio);
  context.font = `600 ${FONT_PIXELS}px ${style.fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { text, x, y } of labels.shown()) {
    const width = context.measureText(text).width + 12;
    context.fillStyle = paint("surface");
    context.fillRect(x - width / 2, y - FONT_PIXELS, width, 2 * FONT_PIXELS);
    context.fillStyle = paint("ink");
    context.fillText(text, x, y);
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = FILE;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
