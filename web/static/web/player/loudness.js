// By how much each track is made louder or quieter, so that tracks or albums are alike in loudness: by
// the ReplayGain of their files, which the API tells.

import { get } from "./api.js";

const SCOPES = { track: ["track", "album"], album: ["album", "track"] };
const MOST_KEPT = 1000;

// The factor for the volume. `gain`: as the API has it in a row, or null. `loudness`: the user's choice,
// "off", "track" or "album"; a file that lacks the one is played by the other. A peak above full scale
// would be cut off, so the factor stays below that.
export const factorOf = (gain, loudness) => {
  const [scope] = (SCOPES[loudness] ?? []).filter((each) => typeof gain?.[`replaygain_${each}_gain_db`] === "number");
  if (!scope) return 1;
  const factor = 10 ** (gain[`replaygain_${scope}_gain_db`] / 20);
  const peak = gain[`replaygain_${scope}_peak`];
  return peak > 0 ? Math.min(factor, 1 / peak) : factor;
};

export class Gains {
  factors = new Map(); // by the track's id

  constructor(loudness) {
    this.loudness = loudness;
  }

  // 1 until it is known.
  of(id) {
    return this.factors.get(id) ?? 1;
  }

  // Resolves when these are known, or cannot be.
  async want(ids) {
    const unknown = ids.filter((id) => id !== null && !this.factors.has(id));
    if (!(this.loudness in SCOPES) || !unknown.length) return;
    if (this.factors.size > MOST_KEPT) this.factors.clear();
    try {
      const { body } = await get(`tracks?ids=${unknown.join(",")}&gain=true`);
      for (const { id, gain } of body.results) this.factors.set(id, factorOf(gain, this.loudness));
    } catch {
      // The track is played as it is; the next time it is asked for again.
    }
  }
}
