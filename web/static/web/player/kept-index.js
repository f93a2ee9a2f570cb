// What is kept offline in this browser for this user, in memory: which tracks and covers, and for what.
// Addresses of kept files name the user, so that the service worker answers them from what is kept; it
// never touches other requests for music.

const { user = "" } = document.body.dataset;

class KeptIndex {
  tracks = new Map(); // by id: `{ id, row, size, version, type, isStale }`
  covers = new Set(); // "coverId/edge"
  sets = new Map(); // by key: `{ key, kind, id, name, trackIds, body, entries }`

  has(trackId) {
    return this.tracks.has(trackId);
  }

  // Whether its file is the one that the server has, as far as is known.
  isFresh(trackId) {
    return this.has(trackId) && !this.tracks.get(trackId).isStale;
  }

  // Whether one of the sets, for which `by(set)` is true, has this track.
  isWanted(trackId, by = () => true) {
    return [...this.sets.values()].some((set) => by(set) && set.trackIds.includes(trackId));
  }

  // The end of the address of a track's stream.
  ofTrack(trackId) {
    return this.has(trackId) ? `?kept=${encodeURIComponent(user)}` : "";
  }

  // The end of the address of a picture, which has other parameters before.
  ofCover(coverId) {
    return this.covers.has(`${coverId}/640`) ? `&kept=${encodeURIComponent(user)}` : "";
  }

  get bytes() {
    let sum = 0;
    for (const { size } of this.tracks.values()) sum += size;
    return sum;
  }

  take({ tracks, covers, sets }) {
    this.tracks = new Map(tracks.map((each) => [each.id, each]));
    this.covers = new Set(covers);
    this.sets = new Map(sets.map((each) => [each.key, each]));
  }
}

export const keptIndex = new KeptIndex();
