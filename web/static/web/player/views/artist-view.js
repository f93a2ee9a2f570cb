// The view of one artist: the picture, and the albums in sections.

import { get } from "../api.js";
import { AlbumSections } from "./album-sections.js";
import { GroupView } from "./group-view.js";

export class ArtistView extends GroupView {
  makeTiles(scroller) {
    return new AlbumSections(scroller, this.id);
  }

  async load() {
    const [{ body: artist }, albums] = await Promise.all([get(`artists/${this.id}`), this.tiles.fetch()]);
    if (this.hasEnded) return;
    this.show(artist);
    this.tiles.show(albums);
  }
}
