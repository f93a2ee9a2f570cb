// What is known of tracks by their ids, asked for a hundred at a time.

import { get } from "./api.js";

const PORTION = 100;
const MOST_KEPT = 3000;

export class KnownTracks extends EventTarget {
  tracks = new Map();
  asked = new Set();

  // The track as the API lists it; `null` when it is gone, undefined while nobody knows.
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
      if (this.tracks.size > MOST_KEPT) this.tracks.clear();
      for (const id of ids) this.tracks.set(id, null);
      this.put(body.results);
      this.dispatchEvent(new Event("change"));
    } catch {
      // Whoever needs them asks again.
    } finally {
      for (const id of ids) this.asked.delete(id);
    }
  }
}
