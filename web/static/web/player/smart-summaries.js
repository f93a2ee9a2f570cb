// How many tracks smart playlists have, how long these are, and their covers. Lists of playlists do not
// tell, since the rules of each would have to be looked at: the playlists that are seen are asked for.

import { get } from "./api.js";

const AT_ONCE = 2;
const PARTS = ["entry_count", "duration_s", "cover_track_ids"];

export class SmartSummaries {
  // `arrived()` is called when summaries have come.
  constructor(arrived) {
    Object.assign(this, { arrived, known: new Map(), due: new Set(), underWay: 0 });
  }

  // The row of a list, with what is known.
  withSummary(playlist) {
    const known = playlist.is_smart && this.known.get(playlist.id);
    return known ? { ...playlist, ...known.parts } : playlist;
  }

  // The list was loaded: tracks may have come or gone, or the rules are other ones. What is known is
  // shown until the new summary is here.
  setStale() {
    for (const known of this.known.values()) known.isStale = true;
  }

  // A playlist is in sight.
  want({ id, is_smart: isSmart }) {
    const known = this.known.get(id);
    if (!isSmart || (known && !known.isStale)) return;
    this.known.set(id, { parts: known?.parts ?? {}, isStale: false });
    this.due.add(id);
    this.goOn();
  }

  goOn() {
    for (const id of this.due) {
      if (this.underWay >= AT_ONCE) return;
      this.due.delete(id);
      this.load(id);
    }
  }

  async load(id) {
    this.underWay += 1;
    try {
      const { body } = await get(`playlists/${id}`);
      const parts = Object.fromEntries(PARTS.map((name) => [name, body[name]]));
      const known = this.known.get(id);
      const isOther = JSON.stringify(parts) !== JSON.stringify(known.parts);
      known.parts = parts;
      if (isOther) this.arrived();
    } catch {
      // The list says nothing of it; it is asked for again when the list is loaded again.
    }
    this.underWay -= 1;
    this.goOn();
  }
}
