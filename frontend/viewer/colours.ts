// The page's own colours, as they are in light or dark now.
import { Color } from "three";

export type Paints = { ink: Color; door: Color; lamp: Color; surface: Color };

export function paints(of: HTMLElement): Paints {
  const style = getComputedStyle(of);
  const read = (name: string) => new Color(style.getPropertyValue(`--${name}`).trim());
  return { ink: read("ink"), door: read("door"), lamp: read("lamp"), surface: read("surface") };
}
