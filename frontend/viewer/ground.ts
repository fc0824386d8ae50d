// A soft shadow under the house, drawn once, so that it stands and does not float.
import { CanvasTexture, Mesh, MeshBasicMaterial, PlaneGeometry, SRGBColorSpace, Vector3 } from "three";
import { cornersOf } from "./faces";
import type { House } from "./house";

const PIXELS = 512;
const SPREAD = 1.5;
const CORNERS_MAX = 2000;
const DARKNESS = 0.32;

export function groundShadow(house: House): Mesh {
  const { box } = house.stage;
  const size = box.getSize(new Vector3());
  const middle = box.getCenter(new Vector3());
  const width = Math.max(size.x, size.z) * SPREAD;
  const map = new CanvasTexture(paint(house, middle, width));
  map.colorSpace = SRGBColorSpace;
  const ground = new Mesh(new PlaneGeometry(width, width), new MeshBasicMaterial({ map, transparent: true, depthWrite: false }));
  ground.rotation.x = -Math.PI / 2;
  ground.position.set(middle.x, box.min.y - size.y * 0.002, middle.z);
  ground.renderOrder = -1;
  return ground;
}

function paint(house: House, middle: Vector3, width: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = PIXELS;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  // Only the shadow of the outline falls into the picture; the outline itself lies outside.
  context.shadowColor = `rgb(10 25 24 / ${DARKNESS})`;
  context.shadowBlur = PIXELS / 14;
  context.shadowOffsetX = PIXELS;
  const place = (point: Vector3): [number, number] => [
    ((point.x - middle.x) / width + 0.5) * PIXELS - PIXELS, ((point.z - middle.z) / width + 0.5) * PIXELS,
  ];
  context.beginPath();
  for (const outline of outlines(house)) {
    outline.forEach((point, index) => context[index ? "lineTo" : "moveTo"](...place(point)));
    context.closePath();
  }
  context.fill("nonzero");
  return canvas;
}

/** Each face as seen from above; the box of a model that has no flat faces. */
function outlines(house: House): Vector3[][] {
  const corners = house.meshes.map((mesh) => mesh.geometry.getAttribute("position").count);
  if (corners.reduce((sum, count) => sum + count, 0) <= CORNERS_MAX) {
    return house.meshes.map((mesh) => wound(cornersOf(mesh)));
  }
  const { min, max } = house.stage.box;
  return [[min, new Vector3(max.x, 0, min.z), max, new Vector3(min.x, 0, max.z)]];
}

/** All the same way round, so that faces above each other add up instead of cancelling. */
function wound(outline: Vector3[]): Vector3[] {
  const area = outline.reduce((sum, one, index) => {
    const next = outline[(index + 1) % outline.length]!;
    return sum + one.x * next.z - next.x * one.z;
  }, 0);
  return area < 0 ? outline.reverse() : outline;
}
