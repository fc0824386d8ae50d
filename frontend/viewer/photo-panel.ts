// Looking through a photo: the camera flies to where it was taken, and the photo lies over the view.
import type { House } from "./house";
import { find, say } from "./page";
import type { Photos } from "./photos";
import type { Photo } from "./scene";
import type { Views } from "./views";

export class PhotoPanel {
  private shown: Photo | null = null;

  constructor(private readonly root: HTMLElement, house: House, private readonly photos: Photos, private readonly views: Views, signal: AbortSignal) {
    const list = find<HTMLSelectElement>(root, "photo-list");
    list.replaceChildren(...house.told.photos.map((photo) => new Option(`Photo ${photo.number}`, photo.id)));
    const chosen = () => house.told.photos.find(({ id }) => id === list.value) ?? null;
    find(root, "photo-look").addEventListener("click", () => this.look(chosen()), { signal });
    list.addEventListener("change", () => this.offer(chosen()), { signal });
    const over = find<HTMLInputElement>(root, "photo-over");
    over.addEventListener("input", () => this.blend(), { signal });
    find(root, "photo-leave").addEventListener("click", () => views.show("corner"), { signal });
    this.offer(chosen());
  }

  /** Fly to where a photo was taken and lay it over the picture. */
  look(photo: Photo | null): void {
    if (!photo) return;
    find<HTMLSelectElement>(this.root, "photo-list").value = photo.id;
    this.offer(photo);
    this.leave();
    this.views.fly(this.photos.pose(photo), false);
    this.shown = photo;
    const over = this.overlay;
    over.onload = () => this.blend();
    over.src = `/photos/${photo.id}/display`;
    over.hidden = false;
    find(this.root, "photo-blend").hidden = false;
    this.blend();
    say(this.root, `You look through photo ${photo.number}, from where it was taken.`);
  }

  /** Take the photo away, as when somebody turns the house. */
  leave(): void {
    if (!this.shown) return;
    this.shown = null;
    this.overlay.hidden = true;
    this.overlay.removeAttribute("src");
    find(this.root, "photo-blend").hidden = true;
  }

  private offer(photo: Photo | null): void {
    const link = find<HTMLAnchorElement>(this.root, "photo-open");
    link.hidden = photo === null;
    if (photo) link.href = `/photos/${photo.id}/display`;
  }

  private blend(): void {
    const { value } = find<HTMLInputElement>(this.root, "photo-over");
    this.overlay.style.opacity = String(Number(value) / 100);
  }

  private get overlay(): HTMLImageElement {
    return find<HTMLImageElement>(this.root, "photo");
  }
}
