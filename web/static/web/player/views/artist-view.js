// The view of one artist: the picture, and the albums in sections.

import { get } from "../api.js";
import { AlbumSections } from "./album-sections.js";
import { GroupView } from "./group-view.js";

export class ArtistView extends GroupView {
  makeTiles(scroller) {
    return new AlbumSections(scroller, this.id);
  }

  // The totals of an artist change with each of the tracks, and so does the artist's row.
  concerns(changes) {
    const artistIds = [this.id, this.shownId ?? this.id];
    return changes.touches("artist", artistIds) || changes.touches("album", this.tiles.source.rows.map(({ id }) => id));
  }

  async load() {
    const [{ body: artist }, albums] = await Promise.all([get(`artists/${this.id}`), this.tiles.fetch()]);
    if (this.hasEnded) return;
    this.shownId = artist.id; // of the one that this artist was joined with, if any
    this.show(artist);
    this.tiles.show(albums);
  }
}
