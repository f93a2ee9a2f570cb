// By how much each track is made louder or quieter, so that tracks or albums are alike in loudness: by
// the ReplayGain of their files, which the API tells.

import { get } from "./api.js";

const SCOPES = { track: ["track", "album"], album: ["album", "track"] };
const STEP_MS = 40;
const GLIDE_MS = 1000;

// The gain, in dB, of music that has none. Music of today has one of -6 to -11 dB, older recordings are
// quieter. Players that leave this to the user start at 0 (foobar2000, mpv, MPD, Strawberry), and users
// then set -6 to -11. The least of these takes away most of the difference, and buries no quiet file.
export const FALLBACK_DB = -6;

// Taggers write more for silence (64.82 dB), which cannot be measured. By mistake such a gain would play
// at full volume, however low the user has set it.
const MOST_DB = 30;

const asFactor = (db) => 10 ** (db / 20);
const isGain = (db) => typeof db === "number" && Math.abs(db) <= MOST_DB;

// The factor for the volume. `gain`: as the API has it in a row, or null. `loudness`: the user's choice,
// "off", "track" or "album"; a file that lacks the one is played by the other. A peak above full scale
// would be cut off, so the factor stays below that.
export const factorOf = (gain, loudness) => {
  if (!(loudness in SCOPES)) return 1;
  const scope = SCOPES[loudness].find((each) => isGain(gain?.[`replaygain_${each}_gain_db`]));
  if (!scope) return asFactor(FALLBACK_DB);
  const factor = asFactor(gain[`replaygain_${scope}_gain_db`]);
  const peak = gain[`replaygain_${scope}_peak`];
  return peak > 0 ? Math.min(factor, 1 / peak) : factor;
};

export class Gains {
  factors = new Map(); // by the track's id

  constructor(loudness) {
    this.loudness = loudness;
  }

  // That of a track without a gain until it is known.
  of(id) {
    return this.factors.get(id) ?? factorOf(null, this.loudness);
  }

  // Ask for those that are not known. `isHeard(id)`: whether the track sounds already; `apply()` is called
  // when a factor is another one.
  async want(ids, isHeard, apply) {
    const unknown = ids.filter((id) => id !== null && !this.factors.has(id));
    if (!(this.loudness in SCOPES) || !unknown.length) return;
    try {
      const { body } = await get(`tracks?ids=${unknown.join(",")}&gain=true`);
      for (const { id, gain } of body.results) this.learn(id, factorOf(gain, this.loudness), isHeard(id), apply);
      apply();
    } catch {
      // The next time it is asked for again.
    }
  }

  // A track that sounds already gets there within a second, as a jump would be heard.
  learn(id, factor, isHeard, apply) {
    if (!isHeard) return this.factors.set(id, factor);
    const [from, begun] = [this.of(id), performance.now()];
    const timer = setInterval(() => {
      const passed = Math.min(1, (performance.now() - begun) / GLIDE_MS);
      this.factors.set(id, from * (factor / from) ** passed);
      apply();
      if (passed === 1) clearInterval(timer);
    }, STEP_MS);
  }
}
