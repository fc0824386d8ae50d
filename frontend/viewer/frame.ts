// Measurements are z up, glTF is y up: the one place where one becomes the other.
import { Vector3 } from "three";
import type { Triple } from "./scene";

/** From a record's frame (x right, y back, z up) to the picture's (x right, y up, z to the front). */
export function toPicture([x, y, z]: Triple): Vector3 {
  return new Vector3(x, z, -y);
}

/** A vector that is in the picture's frame already. */
export function vector([x, y, z]: Triple): Vector3 {
  return new Vector3(x, y, z);
}
