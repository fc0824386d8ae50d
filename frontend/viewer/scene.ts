// What the page's server says of a model: its file, its parts with their numbers, its photos.

export type Triple = [number, number, number];

export type Figure = { name: string; feet: string; metres: string };

/** A wall, a slope, an opening or an edge; corners in metres, z up, none where they are unknown. */
export type Part = {
  id: string;
  kind: "wall" | "roof" | "opening" | "edge";
  title: string;
  about: string;
  side: string;
  pitch_deg: number | null;
  figures: Figure[];
  length_m: number | null;
  range_m: number | null;
  corners: Triple[];
};

/** A camera in the model's own frame, y up; `focal_px` is in pixels of `size`. */
export type Photo = {
  id: string;
  number: number;
  size: [number, number];
  focal_px: number;
  centre: Triple;
  up: Triple;
  looks: Triple;
};

export type Scene = {
  model: { url: string; bytes: number; bytes_max: number };
  scaled: boolean;
  /** One standard deviation of the scale, as a share of any length. */
  scale_share: number | null;
  parts: Part[];
  photos: Photo[];
};

export async function fetchScene(url: string, signal: AbortSignal): Promise<Scene> {
  const answer = await fetch(url, { signal, headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`the scene is answered with ${answer.status}`);
  return (await answer.json()) as Scene;
}
