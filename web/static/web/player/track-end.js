// What the player of this tab does as a track ends: the next one is loaded before, fades in or
// follows it.

const SLACK_S = 2;

export class TrackEnd {
  // `own`: the OwnPlayer.
  constructor(own) {
    this.own = own;
    own.playback.addEventListener("ended", () => this.trackEnded());
    own.playback.addEventListener("nearend", () => this.prefetch());
    own.playback.addEventListener("crossing", () => this.cross());
  }

  get nextId() {
    const { queue, repeat } = this.own;
    return repeat === "one" ? null : queue.upcomingId(repeat === "all");
  }

  prefetch() {
    const { nextId, own } = this;
    own.playback.prefetch(nextId);
    own.wantGains(nextId);
    if (nextId !== null && own.playback.crossfadeS) own.known.want([nextId]);
  }

  // This track is about to end: the next one fades in, unless both follow each other on an album.
  cross() {
    const { nextId, own } = this;
    if (nextId === null || !own.playback.isReady(nextId) || own.willPause() || this.isEarly() || this.mayBeOneAlbum(nextId)) return;
    own.failures = 0;
    own.pausesAtEnd(); // counts the track
    own.queue.advance(own.repeat === "all");
    Object.assign(own, { isStalled: false, isUnheard: false });
    own.playback.crossTo(nextId);
    own.loaded(nextId);
  }

  // Whether the browser takes the track for shorter than it is: it guesses the length of an MP3 without a
  // header that tells it.
  isEarly() {
    const { known, playback, trackId } = this.own;
    return known.get(trackId)?.duration_s - playback.position > playback.crossfadeS + SLACK_S;
  }

  // Whether this track and the next one are of the same album. If one of them is not known yet, they may be.
  mayBeOneAlbum(nextId) {
    const [now, next] = [this.own.trackId, nextId].map((id) => this.own.known.get(id));
    if (now === undefined || next === undefined) return true;
    return Boolean(next?.album_id) && next.album_id === now?.album_id;
  }

  trackEnded() {
    const { own } = this;
    own.failures = 0;
    const goesOn = !own.pausesAtEnd();
    if (own.repeat === "one") {
      own.playback.seek(0);
      if (goesOn) own.playback.play();
      else own.pause();
    } else if (own.queue.advance(own.repeat === "all")) {
      own.startCurrent(goesOn);
    } else {
      own.playback.seek(0);
      own.pause();
      own.queue.setOver(true);
    }
  }
}
