// A look at a small copy of a picture, in a few milliseconds: blurred, dark, bright, same?

const LOOK_WIDTH = 160;
const SMALL_WIDTH = 320;
// Measured: docs/why/data-saver.md. Smaller ones lose walls.
const SAVER_SIDE = 1280;
const SAVER_QUALITY = 0.7;
const DARK_MEAN = 45;
const BRIGHT_MEAN = 225;
const BLURRED_VARIANCE = 30;

/** Grey values of a small copy, and what was measured on them. */
export interface Look {
  grey: Uint8Array;
  width: number;
  height: number;
  mean: number;
  sharpness: number;
}

export function lookAt(source: CanvasImageSource, width: number, height: number): Look {
  const small = { width: LOOK_WIDTH, height: Math.max(1, Math.round((LOOK_WIDTH * height) / width)) };
  const canvas = canvasOf(small.width, small.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.drawImage(source, 0, 0, small.width, small.height);
  const pixels = context.getImageData(0, 0, small.width, small.height).data;
  const grey = new Uint8Array(small.width * small.height);
  let sum = 0;
  for (let i = 0; i < grey.length; i++) {
    const p = i * 4;
    const value = 0.299 * (pixels[p] ?? 0) + 0.587 * (pixels[p + 1] ?? 0) + 0.114 * (pixels[p + 2] ?? 0);
    grey[i] = value;
    sum += value;
  }
  return { ...small, grey, mean: sum / grey.length, sharpness: sharpnessOf(grey, small.width) };
}

/** Variance of the Laplacian: low when nothing has an edge. */
function sharpnessOf(grey: Uint8Array, width: number): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let i = width; i < grey.length - width; i++) {
    const at = (offset: number) => grey[i + offset] ?? 0;
    const edge = at(-width) + at(-1) - 4 * at(0) + at(1) + at(width);
    sum += edge;
    squares += edge * edge;
    count++;
  }
  const mean = sum / count;
  return squares / count - mean * mean;
}

/** Mean difference of two looks, 0 to 255. */
export function difference(one: Look, two: Look): number {
  if (one.grey.length !== two.grey.length) return 255;
  let sum = 0;
  for (let i = 0; i < one.grey.length; i++) sum += Math.abs((one.grey[i] ?? 0) - (two.grey[i] ?? 0));
  return sum / one.grey.length;
}

export function hintsOf(look: Look): string[] {
  const hints: string[] = [];
  if (look.sharpness < BLURRED_VARIANCE) hints.push("blurred");
  if (look.mean < DARK_MEAN) hints.push("dark");
  if (look.mean > BRIGHT_MEAN) hints.push("bright");
  return hints;
}

/** What a browser can say of a picture file; nothing when it cannot open it (HEIC, video). */
export async function inspect(file: Blob): Promise<{ hints: string[]; small: Blob | null }> {
  try {
    const bitmap = await createImageBitmap(file);
    const look = lookAt(bitmap, bitmap.width, bitmap.height);
    const hints = hintsOf(look);
    if (bitmap.height > bitmap.width) hints.push("upright");
    const small = await shrink(bitmap, bitmap.width, bitmap.height);
    bitmap.close();
    return { hints, small };
  } catch {
    return { hints: [], small: null };
  }
}

/** A copy that is enough for the engine, for who pays by the byte; the file where it is none. */
export async function lighter(file: Blob): Promise<Blob> {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, SAVER_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = canvasOf(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const copy = await toJpeg(canvas, SAVER_QUALITY);
    return copy && copy.size < file.size ? copy : file;
  } catch {
    return file;
  }
}

export async function shrink(
  source: CanvasImageSource,
  width: number,
  height: number,
): Promise<Blob | null> {
  const canvas = canvasOf(SMALL_WIDTH, Math.round((SMALL_WIDTH * height) / width));
  canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height);
  return toJpeg(canvas, 0.8);
}

export function toJpeg(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

export function canvasOf(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}
