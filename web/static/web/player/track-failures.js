// What the player of this tab does when a track cannot be played.

import { contact, get, probeStream } from "./api.js";
import { keptIndex } from "./kept-index.js";
import { hasNoOutput, reasonOf } from "./failure-reason.js";
import { filled, gettext } from "./translation.js";

const FAILURES_IN_A_ROW = 3;
const STALLED_MS = 8000; // after which what is kept offline goes on in place of a track that is not

export class TrackFailures {
  // `own`: the OwnPlayer. Its event "problem" tells people what could not be played.
  constructor(own) {
    this.own = own;
    contact.addEventListener("back", () => this.contactIsBack());
    contact.addEventListener("loggedin", () => this.contactIsBack());
  }

  // If the server is away, wait for it. Otherwise report the track and skip it; stop at the third
  // failure in a row, or if no track can be heard.
  async meet() {
    const { own } = this;
    const { trackId } = own;
    // The network was cut in the middle of a track that is kept by now.
    if (keptIndex.has(trackId) && !own.playback.isKept) {
      if (own.isPlaying) own.playback.play();
      else own.playback.load(trackId, own.playback.position);
      return;
    }
    const mediaError = own.playback.audio.error?.message ?? "";
    const { status, type } = await probeStream(trackId);
    if (trackId !== own.trackId) return;
    own.isStalled = status === 0 || status === 401;
    if (own.isStalled) {
      setTimeout(() => this.goOnWithKept(trackId), STALLED_MS);
      return;
    }
    // The track was restored and never played, so say nothing: pressing Play tries it again.
    if (own.isUnheard && !own.isPlaying) return;
    const [codec] = await Promise.all([codecOf(trackId), own.known.want([trackId])]);
    if (trackId === own.trackId) this.report(trackId, reasonOf({ status, type, codec, mediaError }), !hasNoOutput(mediaError));
  }

  // Tell why the track could not be played, and go on with the next one, if that may be played.
  report(trackId, reason, skips) {
    const { own } = this;
    const { isPlaying } = own;
    own.failures += 1;
    const isEnough = own.failures >= FAILURES_IN_A_ROW;
    const goesOn = !isEnough && skips && own.queue.length > 1 && own.queue.advance(own.repeat !== "none");
    const then = isEnough ? gettext("That is three in a row: stopped.") : goesOn ? gettext("Skipped.") : "";
    const track = own.known.get(trackId);
    const text = filled(gettext("Could not play “%(title)s” (%(reason)s)."), { title: track?.title ?? gettext("A track that is gone"), reason });
    const detail = [text, then].filter(Boolean).join(" ");
    own.dispatchEvent(new CustomEvent("problem", { detail }));
    if (goesOn) own.startCurrent(isPlaying);
    else own.pause();
  }

  // The server has been away for a while: leave this track, which waits for it, for the next one that
  // is kept offline.
  goOnWithKept(trackId) {
    const { own } = this;
    const { entries, position } = own.queue;
    const next = entries.findIndex(({ id }, index) => index > position && keptIndex.has(id));
    if (trackId !== own.trackId || !own.isStalled || !contact.isAway || !own.isPlaying || next < 0) return;
    const title = own.known.get(trackId)?.title ?? gettext("A track");
    const detail = filled(gettext("“%(title)s” is not kept offline, and the server does not answer. Skipped."), { title });
    own.dispatchEvent(new CustomEvent("problem", { detail }));
    own.jump(next);
  }

  contactIsBack() {
    const { own } = this;
    if (own.isStalled && own.isPlaying) own.playback.play();
    own.isStalled = false;
  }
}

// The codec of a track; "" if the API does not answer.
const codecOf = async (trackId) => {
  try {
    return (await get(`tracks/${trackId}`)).body.codec;
  } catch {
    return "";
  }
};
