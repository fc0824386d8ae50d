// The model's file: fetched with its share told, read, and given plain materials.
import { DoubleSide, Mesh, MeshLambertMaterial, type MeshStandardMaterial } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

export class TooLarge extends Error {}

/** The file's meshes, in the file's order; a face of the house each, where the engine made faces. */
export async function loadMeshes(
  model: { url: string; bytes: number; bytes_max: number },
  signal: AbortSignal,
  tell: (share: number) => void,
): Promise<Mesh[]> {
  if (model.bytes > model.bytes_max) throw new TooLarge();
  const content = await read(model, signal, tell);
  const { scene } = await new GLTFLoader().parseAsync(content, "");
  scene.updateMatrixWorld(true);
  const meshes: Mesh[] = [];
  scene.traverse((one) => {
    if (one instanceof Mesh) meshes.push(one);
  });
  if (meshes.length === 0) throw new Error("the file holds no mesh");
  for (const mesh of meshes) paint(mesh);
  return meshes;
}

async function read(
  model: { url: string; bytes: number; bytes_max: number },
  signal: AbortSignal,
  tell: (share: number) => void,
): Promise<ArrayBuffer> {
  const answer = await fetch(model.url, { signal });
  if (!answer.ok || !answer.body) throw new Error(`the model is answered with ${answer.status}`);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    bytes += value.length;
    if (bytes > model.bytes_max) throw new TooLarge();
    tell(Math.min(1, bytes / Math.max(1, model.bytes)));
  }
  return new Blob(pieces).arrayBuffer();
}

/** The photos carry their own light: a material that adds little, and is cheap on phones. */
function paint(mesh: Mesh): void {
  const old = mesh.material as MeshStandardMaterial;
  mesh.material = new MeshLambertMaterial({
    map: old.map, vertexColors: old.vertexColors, color: old.color, side: DoubleSide,
    // A hair behind the lines and colours that are drawn on it.
    polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1,
  });
  old.dispose();
  if (!mesh.geometry.hasAttribute("normal")) mesh.geometry.computeVertexNormals();
}
