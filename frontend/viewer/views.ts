// Where the camera stands: the six views, keys, and flights from one place to another.
import { MathUtils, Matrix4, Quaternion, Spherical, Vector3 } from "three";
import { FIELD_DEGREES, type Stage } from "./stage";

export type Pose = { position: Vector3; quaternion: Quaternion; target: Vector3; field: number };

/** In the order of the keys 1 to 6. */
export const VIEWS = ["front", "right", "back", "left", "top", "corner"] as const;
export type ViewName = (typeof VIEWS)[number];

const LIFT = 0.12;
const DIRECTIONS: Record<ViewName, [number, number, number]> = {
  front: [0, LIFT, 1], right: [1, LIFT, 0], back: [0, LIFT, -1], left: [-1, LIFT, 0], top: [0, 1, 0.001],
  corner: [0.62, 0.42, 1],
};
const MARGIN = 1.12;
const FLIGHT_MILLIS = 550;
const TURN_RADIANS = MathUtils.degToRad(10);
const NEARER = 0.85;
const PAN_SHARE = 0.04;
const NEAR_SHARE = 1.3;

export class Views {
  private flight: ((now: number) => boolean) | null = null;
  /** Called when somebody takes the camera in hand. */
  onTaken: () => void = () => undefined;

  constructor(private readonly stage: Stage) {
    stage.beforeDrawing.push((now) => this.flight?.(now) ?? false);
    stage.controls.addEventListener("change", () => {
      if (!stage.isSteered) this.take();
    });
  }

  take(): void {
    this.flight = null;
    this.onTaken();
    this.stage.camera.fov = FIELD_DEGREES;
    this.stage.camera.updateProjectionMatrix();
    this.stage.isSteered = true;
  }

  show(name: ViewName, jump = false): void {
    this.onTaken();
    this.fly(this.pose(new Vector3(...DIRECTIONS[name])), jump);
  }

  /** Look at a point along this direction, from as far as the camera is now. */
  face(point: Vector3, direction: Vector3): void {
    this.onTaken();
    this.fly(this.pose(direction.clone().setY(Math.max(direction.y, LIFT)), point), false);
  }

  /** Move over half a second; at once for those who want no motion. */
  fly(to: Pose, jump: boolean): void {
    const { stage } = this;
    stage.isSteered = false;
    if (jump || stage.isCalm) return this.arrive(to);
    const from = this.now();
    const [start, end] = [about(from), about(to)];
    end.theta = start.theta + MathUtils.euclideanModulo(end.theta - start.theta + Math.PI, 2 * Math.PI) - Math.PI;
    let began = 0;
    this.flight = (now) => {
      began ||= now;
      const done = Math.min(1, (now - began) / FLIGHT_MILLIS);
      const share = done * done * (3 - 2 * done);
      if (done === 1) {
        this.arrive(to);
        return false;
      }
      const { lerp } = MathUtils;
      const way = new Spherical(lerp(start.radius, end.radius, share), lerp(start.phi, end.phi, share), lerp(start.theta, end.theta, share));
      stage.camera.position.setFromSpherical(way).add(new Vector3().lerpVectors(from.target, to.target, share));
      stage.camera.quaternion.slerpQuaternions(from.quaternion, to.quaternion, share);
      stage.camera.fov = lerp(from.field, to.field, share);
      stage.camera.updateProjectionMatrix();
      return true;
    };
    stage.invalidate();
  }

  /** Turn, move or come nearer by a key; false when it is none of ours. */
  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const view = VIEWS[Number(event.key) - 1];
    if (view) this.show(view);
    else if (event.key === "+" || event.key === "=") this.turn(0, 0, NEARER);
    else if (event.key === "-") this.turn(0, 0, 1 / NEARER);
    else if (event.key in ARROWS) {
      const [x, y] = ARROWS[event.key]!;
      if (event.shiftKey) this.pan(x, y);
      else this.turn(x * TURN_RADIANS, y * TURN_RADIANS, 1);
    } else return false;
    return true;
  }

  private turn(theta: number, phi: number, nearer: number): void {
    this.take();
    const { camera, controls } = this.stage;
    const way = new Spherical().setFromVector3(camera.position.clone().sub(controls.target));
    way.theta += theta;
    way.phi = MathUtils.clamp(way.phi + phi, 0.01, controls.maxPolarAngle);
    way.radius = MathUtils.clamp(way.radius * nearer, controls.minDistance, controls.maxDistance);
    camera.position.setFromSpherical(way).add(controls.target);
    this.stage.invalidate();
  }

  private pan(x: number, y: number): void {
    this.take();
    const { camera, controls } = this.stage;
    const step = camera.position.distanceTo(controls.target) * PAN_SHARE;
    const shift = new Vector3(x * step, -y * step, 0).applyQuaternion(camera.quaternion);
    camera.position.add(shift);
    controls.target.add(shift);
    this.stage.invalidate();
  }

  /** The whole house, or a point of it, from this direction. */
  private pose(direction: Vector3, point: Vector3 | null = null): Pose {
    const target = point ?? this.stage.box.getCenter(new Vector3());
    const towards = direction.normalize();
    const away = point ? (this.stage.size * NEAR_SHARE) / Math.min(1, this.stage.camera.aspect) : this.distance(towards, target);
    const position = towards.clone().multiplyScalar(away).add(target);
    return { position, target, quaternion: looking(position, target), field: FIELD_DEGREES };
  }

  /** From how far the whole house is in the picture. */
  private distance(towards: Vector3, target: Vector3): number {
    const { box, camera } = this.stage;
    const turn = looking(towards.clone().add(target), target).invert();
    const high = Math.tan(MathUtils.degToRad(FIELD_DEGREES / 2));
    let most = 0;
    for (let corner = 0; corner < 8; corner += 1) {
      const point = new Vector3(
        corner & 1 ? box.max.x : box.min.x, corner & 2 ? box.max.y : box.min.y, corner & 4 ? box.max.z : box.min.z,
      ).sub(target).applyQuaternion(turn);
      const needed = Math.max(Math.abs(point.y) / high, Math.abs(point.x) / (high * camera.aspect));
      most = Math.max(most, point.z + needed * MARGIN);
    }
    return most;
  }

  private arrive(to: Pose): void {
    const { camera, controls } = this.stage;
    this.flight = null;
    camera.position.copy(to.position);
    camera.quaternion.copy(to.quaternion);
    camera.fov = to.field;
    camera.updateProjectionMatrix();
    controls.target.copy(to.target);
    // A photo's own tilt and field stay until somebody turns the house.
    this.stage.isSteered = to.field === FIELD_DEGREES;
    this.stage.invalidate();
  }

  private now(): Pose {
    const { camera, controls } = this.stage;
    return { position: camera.position.clone(), quaternion: camera.quaternion.clone(), target: controls.target.clone(), field: camera.fov };
  }
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

function looking(from: Vector3, at: Vector3): Quaternion {
  return new Quaternion().setFromRotationMatrix(new Matrix4().lookAt(from, at, new Vector3(0, 1, 0)));
}

function about(pose: Pose): Spherical {
  return new Spherical().setFromVector3(pose.position.clone().sub(pose.target));
}
