// The view of one artist: the picture, tracks, the albums in sections, and similar artists.

import { AlbumSections } from "./album-sections.js";
import { GroupView } from "./group-view.js";

export class ArtistView extends GroupView {
  makeTiles(scroller) {
    return new AlbumSections(scroller, this.id);
  }

  parts() {
    return [this.more.tracks, this.tiles.body, this.none, this.more.artists];
  }

  // The totals of an artist change with each of the tracks, and so does the artist's row.
  concerns(changes) {
    const artistIds = [this.id, this.shownId ?? this.id];
    return changes.touches("artist", artistIds) || changes.touches("album", this.tiles.source.rows.map(({ id }) => id));
  }

  async load() {
    const loading = this.fetchGroup();
    const [artist, albums, more] = await Promise.all([loading, this.tiles.fetch(), this.more.fetch(loading)]);
    if (this.hasEnded) return;
    this.shownId = artist.id; // of the one that this artist was joined with, if any
    this.show(artist, more);
    this.tiles.nameSections(this.more.isEmpty);
    this.tiles.show(albums);
  }
}
