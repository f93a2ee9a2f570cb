// What is known of tracks by their ids, asked for a hundred at a time.

import { get } from "./api.js";

const PORTION = 100;
const MOST_KEPT = 3000;

export class KnownTracks extends EventTarget {
  tracks = new Map();
  asked = new Set();
  lookedFor = new Set(); // by `wantGone`, once each

  // The track as the API lists it, with `isGone` once it is listed no more; `null` when it is gone and
  // nothing is known of it, undefined while nobody knows.
  get(id) {
    return this.tracks.get(id);
  }

  put(tracks) {
    for (const track of tracks) if (track?.id && track.title !== undefined) this.tracks.set(track.id, track);
  }

  // Have these tracks; "change" is told when they have come.
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
      const before = new Map(ids.map((id) => [id, this.tracks.get(id)]));
      if (this.tracks.size > MOST_KEPT) this.tracks.clear();
      for (const [id, track] of before) this.tracks.set(id, track ? { ...track, isGone: true } : null);
      this.put(body.results);
      this.dispatchEvent(new Event("change"));
    } catch {
      // Whoever needs them asks again.
    } finally {
      for (const id of ids) this.asked.delete(id);
    }
  }

  // A list does not have a track whose file is gone, but the track by itself may still be asked for.
  async wantGone(id) {
    if (this.tracks.get(id) !== null || this.asked.has(id) || this.lookedFor.has(id)) return;
    this.lookedFor.add(id);
    try {
      const { body } = await get(`tracks/${id}`);
      this.put([{ ...body, isGone: true }]);
      this.dispatchEvent(new Event("change"));
    } catch {
      // It was purged, or nobody is there.
    }
  }
}
