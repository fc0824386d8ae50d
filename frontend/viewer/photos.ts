// Where the photos were taken: small cameras round the house, and the way into each of them.
import { BufferGeometry, InstancedMesh, LineBasicMaterial, LineSegments, Matrix4, type Mesh, MeshBasicMaterial, Quaternion, Raycaster, SphereGeometry, Vector2, Vector3 } from "three";
import type { Paints } from "./colours";
import { vector } from "./frame";
import type { House } from "./house";
import type { Photo } from "./scene";
import type { Pose } from "./views";

const DEPTH_SHARE = 0.035;
const DEGREES = 180 / Math.PI;

export class Photos {
  private readonly lines: LineSegments;
  private readonly paint_ = new LineBasicMaterial({ transparent: true, opacity: 0.9 });
  /** Round each camera, to be met by a pointer; never drawn. */
  private readonly balls: InstancedMesh;
  private readonly depth: number;
  private readonly ray = new Raycaster();

  constructor(private readonly house: House) {
    const { stage, told } = house;
    this.depth = stage.size * DEPTH_SHARE;
    this.lines = new LineSegments(new BufferGeometry().setFromPoints(told.photos.flatMap((photo) => this.frustum(photo))), this.paint_);
    this.balls = new InstancedMesh(new SphereGeometry(this.depth * 0.8, 6, 4), new MeshBasicMaterial({ visible: false }), told.photos.length);
    told.photos.forEach((photo, index) => {
      const middle = vector(photo.centre).addScaledVector(vector(photo.looks), this.depth / 2);
      this.balls.setMatrixAt(index, new Matrix4().setPosition(middle));
    });
    stage.scene.add(this.lines, this.balls);
    this.show(false);
  }

  get count(): number {
    return this.house.told.photos.length;
  }

  paint(paints: Paints): void {
    this.paint_.color.copy(paints.door);
  }

  show(isOn: boolean): void {
    this.lines.visible = this.balls.visible = isOn;
    this.house.stage.invalidate();
  }

  /** The photo whose camera is under the pointer, unless the house stands before it. */
  under(at: Vector2): Photo | null {
    if (!this.lines.visible || this.count === 0) return null;
    const { camera, view } = this.house.stage;
    const share = new Vector2((at.x / view.clientWidth) * 2 - 1, 1 - (at.y / view.clientHeight) * 2);
    this.ray.setFromCamera(share, camera);
    const [met] = this.ray.intersectObject(this.balls as unknown as Mesh);
    if (met?.instanceId === undefined) return null;
    const hit = this.house.hit(share, camera);
    return hit && hit.distance < met.distance ? null : this.house.told.photos[met.instanceId] ?? null;
  }

  /** How to stand and look so that the view shows what the photo shows. */
  pose(photo: Photo): Pose {
    const { stage } = this.house;
    const position = vector(photo.centre);
    const [width, height] = photo.size;
    const aspect = width / height;
    // The whole photo fits into the view: where the view is narrower, it shows more above and below.
    const tall = Math.max(1, aspect / stage.camera.aspect);
    const field = 2 * Math.atan((height / 2 / photo.focal_px) * tall) * DEGREES;
    const looks = vector(photo.looks);
    const away = stage.box.getCenter(new Vector3()).sub(position).dot(looks);
    return { position, quaternion: turned(photo), target: position.clone().addScaledVector(looks, Math.max(away, this.depth)), field };
  }

  /** A pyramid from the camera to its picture: eight lines. */
  private frustum(photo: Photo): Vector3[] {
    const tip = vector(photo.centre);
    const [width, height] = photo.size;
    const turn = turned(photo);
    const corner = (x: number, y: number) => new Vector3(
      (x * width * this.depth) / photo.focal_px / 2, (y * height * this.depth) / photo.focal_px / 2, -this.depth,
    ).applyQuaternion(turn).add(tip);
    const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
    return corners.flatMap((one, index) => [tip, one, one, corners[(index + 1) % 4]!]);
  }
}

/** A camera looks along its own -z, with y up. */
function turned(photo: Photo): Quaternion {
  const [back, up] = [vector(photo.looks).negate(), vector(photo.up)];
  const right = up.clone().cross(back).normalize();
  return new Quaternion().setFromRotationMatrix(new Matrix4().makeBasis(right, back.clone().cross(right), back));
}
