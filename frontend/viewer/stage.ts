// The canvas, its camera and its light. A picture is drawn when something changed, and never else.
import {
  AmbientLight, Box3, Color, DirectionalLight, Group, PerspectiveCamera, Plane, Scene, Vector3, WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { CSS2DRenderer } from "three/addons/renderers/CSS2DRenderer.js";

const PIXEL_RATIO_MAX = 2;
export const FIELD_DEGREES = 35;
const BELOW_GROUND_RADIANS = 0.25;

export type Drawn = { calls: number; triangles: number; millis: number };

export class Stage {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(FIELD_DEGREES, 1, 0.1, 1000);
  readonly renderer: WebGLRenderer;
  readonly words = new CSS2DRenderer();
  readonly controls: OrbitControls;
  /** The house, and what is drawn over it. */
  readonly house = new Group();
  readonly box = new Box3();
  /** Called before each picture; true asks for another one after it. */
  readonly beforeDrawing: ((now: number) => boolean)[] = [];
  readonly afterDrawing: (() => void)[] = [];
  /** Whether mouse and fingers have the camera; a flight and a photo's pose have it alone. */
  isSteered = true;
  readonly isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  private waiting = 0;
  private readonly watching: ResizeObserver;

  constructor(readonly view: HTMLElement) {
    this.renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, PIXEL_RATIO_MAX));
    this.renderer.setClearColor(new Color(0), 0);
    this.words.domElement.className = "viewer-words";
    // The list says the same, in an order and with names.
    this.words.domElement.setAttribute("aria-hidden", "true");
    view.append(this.renderer.domElement, this.words.domElement);
    this.controls = new OrbitControls(this.camera, this.renderer.domElement);
    this.controls.enableDamping = !this.isCalm;
    this.controls.maxPolarAngle = Math.PI / 2 + BELOW_GROUND_RADIANS;
    // A finger that moves up or down scrolls the page; sideways and with two it turns the house.
    this.renderer.domElement.style.touchAction = "pan-y";
    this.controls.addEventListener("change", this.invalidate);
    const sun = new DirectionalLight(0xffffff, 1.1);
    sun.position.set(0.5, 1.2, 0.9);
    this.scene.add(new AmbientLight(0xffffff, 2.2), sun, this.house);
    this.watching = new ResizeObserver(() => this.fit());
    this.watching.observe(view);
    this.fit();
  }

  /** Ask for a picture; many times before one is drawn is once. */
  readonly invalidate = (): void => {
    this.waiting ||= requestAnimationFrame(this.frame);
  };

  private readonly frame = (now: number): void => {
    this.waiting = 0;
    const moving = this.beforeDrawing.map((step) => step(now)).some(Boolean);
    if (this.isSteered) this.controls.update();
    this.draw();
    if (moving) this.invalidate();
  };

  /** Draw now, as for a picture to keep. */
  draw(): void {
    const start = performance.now();
    this.renderer.render(this.scene, this.camera);
    for (const step of this.afterDrawing) step();
    this.words.render(this.scene, this.camera);
    const { calls, triangles } = this.renderer.info.render;
    const detail: Drawn = { calls, triangles, millis: performance.now() - start };
    this.view.dispatchEvent(new CustomEvent("house:drawn", { detail, bubbles: true }));
  }

  /** Everything above or beyond the plane is hidden; null shows all. */
  cut(plane: Plane | null): void {
    this.renderer.clippingPlanes = plane ? [plane] : [];
    this.invalidate();
  }

  isHidden(point: Vector3): boolean {
    return this.renderer.clippingPlanes.some((plane: Plane) => plane.distanceToPoint(point) < 0);
  }

  /** The house's size: the length of its box's diagonal. */
  get size(): number {
    return this.box.isEmpty() ? 1 : this.box.getSize(new Vector3()).length();
  }

  /** Take the house's measures for the camera's reach. */
  enclose(): void {
    this.box.setFromObject(this.house);
    const size = this.size;
    this.camera.near = size / 200;
    this.camera.far = size * 30;
    this.controls.minDistance = size / 20;
    this.controls.maxDistance = size * 8;
    this.camera.updateProjectionMatrix();
  }

  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this.view;
    if (!width || !height) return;
    this.renderer.setSize(width, height);
    this.words.setSize(width, height);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.invalidate();
  }

  /** Give everything back to the graphics card. */
  dispose(): void {
    cancelAnimationFrame(this.waiting);
    this.watching.disconnect();
    this.controls.dispose();
    release(this.scene);
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.renderer.domElement.remove();
    this.words.domElement.remove();
  }
}

type Held = { geometry?: { dispose(): void }; material?: Disposable | Disposable[] };
type Disposable = { map?: { dispose(): void } | null; dispose(): void };

function release(root: Scene): void {
  root.traverse((one) => {
    const { geometry, material } = one as unknown as Held;
    geometry?.dispose();
    for (const each of [material ?? []].flat()) {
      each.map?.dispose();
      each.dispose();
    }
  });
}
