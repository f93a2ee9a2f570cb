// A cache of tracks by id, filled by requests for up to a hundred tracks. Events: "change": tracks
// have arrived or changed. "replaced": see `findLiving`.

import { get } from "./api.js";

const PORTION = 100;
const MOST_KEPT = 3000;

export class KnownTracks extends EventTarget {
  tracks = new Map();
  asked = new Set();
  requestedGone = new Set(); // ids that `wantGone` has requested, which it does once each

  // The track as the API lists it; with `isGone` if the API no longer lists it; null if it is gone
  // and nothing is known of it; undefined if it has not been requested yet.
  get(id) {
    return this.tracks.get(id);
  }

  put(tracks) {
    for (const track of tracks) if (track?.id && track.title !== undefined) this.tracks.set(track.id, track);
  }

  // Show what changed in the library, as far as these tracks are concerned. Tracks of which lists
  // show nothing any more are gone; they come back with their row.
  take({ rows, removed }) {
    const held = (id) => this.tracks.has(id);
    for (const [id, living] of removed.track) {
      if (!held(id)) continue;
      if (living === null) this.setGone(id);
      else if (rows.track.has(living)) this.put([rows.track.get(living)]);
    }
    this.put([...rows.track.values()].filter(({ id }) => held(id)));
    this.dispatchEvent(new Event("change"));
  }

  setGone(id) {
    const track = this.tracks.get(id);
    this.tracks.set(id, track ? { ...track, isGone: true } : null);
  }

  // Request those of the tracks that are unknown; the event "change" follows when they are here.
  async want(ids) {
    const unknown = [...new Set(ids)].filter((id) => !this.tracks.has(id) && !this.asked.has(id));
    for (let start = 0; start < unknown.length; start += PORTION) {
      await this.load(unknown.slice(start, start + PORTION));
    }
  }

  async refresh(ids) {
    await this.load([...new Set(ids)].slice(0, PORTION));
  }

  async load(ids) {
    if (!ids.length) return;
    for (const id of ids) this.asked.add(id);
    try {
      const { body } = await get(`tracks?ids=${ids.join(",")}`);
      if (body.is_of_kept) {
        this.put(body.results); // the server is away; nothing is known of the others
        this.dispatchEvent(new Event("change"));
        return;
      }
      const before = new Map(ids.map((id) => [id, this.tracks.get(id)]));
      if (this.tracks.size > MOST_KEPT) this.tracks.clear();
      for (const [id, track] of before) this.tracks.set(id, track ?? null);
      const found = new Set(body.results.map(({ id }) => id));
      const absent = ids.filter((id) => !found.has(id));
      for (const id of absent) this.setGone(id);
      this.put(body.results);
      this.dispatchEvent(new Event("change"));
      // The API answers the id of a track that was joined with another one by the row of that one.
      if (body.results.length > ids.length - absent.length) await this.findLiving(absent);
    } catch {
      // The tracks stay unknown, so the next `want` requests them again.
    } finally {
      for (const id of ids) this.asked.delete(id);
    }
  }

  // Find out with which tracks these were joined, if they were. The event "replaced" follows, with a
  // Map from the old ids to the living ones in `detail`.
  async findLiving(ids) {
    const answers = await Promise.allSettled(ids.map((id) => get(`tracks/${id}`)));
    const living = new Map(ids.map((id, index) => [id, answers[index].value?.body.id ?? id]).filter(([id, other]) => id !== other));
    if (living.size) this.dispatchEvent(new CustomEvent("replaced", { detail: living }));
  }

  // Request a track that is not listed. Lists leave out tracks whose file is gone, but
  // `tracks/{id}` still has them until they are purged.
  async wantGone(id) {
    if (this.tracks.get(id) !== null || this.asked.has(id) || this.requestedGone.has(id)) return;
    this.requestedGone.add(id);
    try {
      const { body } = await get(`tracks/${id}`);
      if (body.id !== id) this.dispatchEvent(new CustomEvent("replaced", { detail: new Map([[id, body.id]]) }));
      else this.put([{ ...body, isGone: true }]);
      this.dispatchEvent(new Event("change"));
    } catch {
      // The track was purged, or the server is away.
    }
  }
}
