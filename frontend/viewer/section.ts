// A cut through the house: by height, or from one side to the other.
import { Plane, Vector3 } from "three";
import type { House } from "./house";
import { lengthText, type Units } from "./units";

export const CUTS = ["height", "across", "along"] as const;
export type Cut = (typeof CUTS)[number];

/** Which way the hidden part lies: above, to the right, to the front. */
const AWAY: Record<Cut, Vector3> = {
  height: new Vector3(0, -1, 0), across: new Vector3(-1, 0, 0), along: new Vector3(0, 0, -1),
};
const AXIS: Record<Cut, "x" | "y" | "z"> = { height: "y", across: "x", along: "z" };
const FROM: Record<Cut, string> = { height: "above the ground", across: "from the left end", along: "from the back end" };

export class Section {
  constructor(private readonly house: House) {}

  /** Cut at a share of the house's extent; null shows it whole. What is said of it. */
  at(cut: Cut | null, share: number, units: Units): string {
    const { stage, told } = this.house;
    if (!cut) {
      stage.cut(null);
      return "The whole house.";
    }
    const axis = AXIS[cut];
    const [low, high] = [stage.box.min[axis], stage.box.max[axis]];
    // Half a thousandth more, so that nothing is cut off at the very end.
    const place = low + (high - low) * (share === 1 ? 1.0005 : share);
    stage.cut(new Plane(AWAY[cut].clone(), place));
    const metres = (high - low) * share;
    const said = told.scaled ? lengthText(metres, null, units) : `${Math.round(share * 100)} %`;
    return `Cut ${said} ${FROM[cut]}.`;
  }
}
