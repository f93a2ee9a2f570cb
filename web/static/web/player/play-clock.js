// Measures how much of a track was really heard, and stores the play once it counts: when half of
// the track or four minutes were heard, whichever comes first. A page that is reloaded, and a tab
// that takes over, go on with the same play.

import { storageName } from "./addresses.js";
import { contact } from "./api.js";

const KEY = "mus-heard";
const LONGEST_NEEDED_S = 240;
const START_S = 1; // a seek to before this begins the track anew
const LONGEST_STEP_S = 5; // two events of a playing element lie about 0.25 s apart, in hidden tabs more
const SLACK_S = 0.5; // events and the sound's clock are not told at the same moment
const STORE_EVERY_S = 5;
const ONE_PLAY_MS = 24 * 3600 * 1000;

export class PlayClock {
  // `own`: the OwnPlayer of this tab. `tell(play)` is called once for each play, with `{ trackId,
  // startedAt, heard }`: its start in milliseconds by the server's clock, and seconds.
  constructor(own, user, tell) {
    Object.assign(this, { own, tell, key: storageName(`${KEY}-${user}`) });
    this.begin(null);
    own.addEventListener("track", () => this.trackChanged());
    own.playback.addEventListener("time", () => this.timePassed());
    own.playback.addEventListener("state", () => this.timePassed());
    own.playback.addEventListener("ended", () => this.begin(own.trackId));
    addEventListener("pagehide", () => this.store());
    document.addEventListener("visibilitychange", () => document.hidden && this.store());
  }

  // Nothing of this track was heard yet.
  begin(trackId) {
    Object.assign(this, { trackId, heard: 0, startedAt: null, isTold: false, at: null, seenAt: performance.now(), storedAt: 0 });
  }

  trackChanged() {
    const { trackId, playback } = this.own;
    if (playback.loads === this.loads) {
      this.trackId = trackId; // it was joined with another one
      return;
    }
    this.loads = playback.loads;
    this.begin(trackId);
    if (playback.startAt > START_S) this.goOn();
  }

  // The track was loaded where it was left: it may be the play that another page began.
  goOn() {
    const { trackId, heard, startedAt, isTold, storedAt } = stored(this.key) ?? {};
    const isSame = trackId === this.trackId && Date.now() - storedAt < ONE_PLAY_MS && heard > 0;
    if (isSame) Object.assign(this, { heard, startedAt, isTold });
  }

  timePassed() {
    const { audio } = this.own.playback;
    const at = audio.currentTime;
    const step = at - (this.at ?? at);
    const passed = (performance.now() - this.seenAt) / 1000;
    Object.assign(this, { at, seenAt: performance.now() });
    if (this.trackId === null || !audio.readyState) return;
    if (audio.seeking) {
      if (at < START_S && this.isTold) this.begin(this.trackId);
      this.at = at;
      return;
    }
    // A jump, such as that of a loaded page to where the track was left, takes no time.
    const longest = Math.min(LONGEST_STEP_S, passed + SLACK_S) * Math.max(1, audio.playbackRate);
    if (step <= 0 || step > longest) return;
    this.heard += step;
    this.startedAt ??= contact.now() - (step / audio.playbackRate) * 1000;
    if (!this.isTold && this.heard >= this.needed) this.count();
    if (this.heard - this.storedAt >= STORE_EVERY_S) this.store();
  }

  get needed() {
    const duration = this.own.known.get(this.trackId)?.duration_s || this.own.playback.duration;
    return Math.min(duration ? duration / 2 : Infinity, LONGEST_NEEDED_S);
  }

  count() {
    this.isTold = true;
    this.store();
    const { trackId, startedAt, heard } = this;
    this.tell({ trackId, startedAt, heard });
  }

  store() {
    if (!this.heard) return;
    const { trackId, heard, startedAt, isTold } = this;
    this.storedAt = heard;
    try {
      localStorage.setItem(this.key, JSON.stringify({ trackId, heard, startedAt, isTold, storedAt: Date.now() }));
    } catch {
      // No room in the storage: a reloaded page begins the play anew.
    }
  }
}

const stored = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // another version stored it, or there is no storage
  }
};
