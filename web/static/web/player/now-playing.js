// Tells the server what plays, for services that show it, once a track has played for some seconds.
// It is told once: if the server is away, nobody needs to know later.

import { send } from "./api.js";

const AFTER_S = 5; // who skips through a list hears nothing of it

export class NowPlaying {
  // `own`: the OwnPlayer of this tab.
  constructor(own) {
    Object.assign(this, { own, toldLoad: null });
    own.playback.addEventListener("time", () => this.timePassed());
  }

  timePassed() {
    const { trackId, playback } = this.own;
    const { paused, currentTime } = playback.audio;
    if (trackId === null || paused || currentTime < AFTER_S || playback.loads === this.toldLoad) return;
    this.toldLoad = playback.loads;
    send("PUT", "scrobbling/now-playing", { track_id: trackId }).catch(() => {});
  }
}
