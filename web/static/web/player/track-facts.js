// What the full player says about the current track beyond the bar: links to its artists and its album,
// the quality of the sound, its lyrics, and which track comes next.

import { contact, get } from "./api.js";
import { artistLinks, artistsOf } from "./artist-links.js";
import { addressOf } from "./router.js";
import { filled, gettext } from "./translation.js";
import { soundOf } from "./views/album-words.js";

const PHONE = matchMedia("(max-width: 719px)");

export class TrackFacts {
  detail = null; // the track with all that the API knows of it
  askedId = null;
  lyrics = null; // the LyricsPane, once the full player was opened

  // `full`: the FullPlayer. `makeLyrics()` resolves to the LyricsPane.
  constructor(parts, player, full, makeLyrics) {
    Object.assign(this, { parts, player, full, makeLyrics });
    parts.words.disabled = true; // until it is known that there are lyrics
    for (const type of ["track", "modes"]) player.addEventListener(type, () => this.show());
    player.queue.addEventListener("change", () => this.showNext());
    full.addEventListener("change", () => {
      this.show();
      this.lyrics?.follow(true); // what is hidden is not scrolled
    });
    contact.addEventListener("back", () => this.show());
    this.show();
  }

  show() {
    const { trackId } = this.player;
    if (this.detail && this.detail.id !== trackId) this.take(null, []);
    if (this.full.isOpen && trackId !== null && this.askedId !== trackId) this.load(trackId);
    this.showNames();
    this.showNext();
  }

  // Whatever cannot be had now is asked for again when the server is back, or with the next opening.
  async load(id) {
    this.askedId = id;
    this.take(null, []);
    const [detail, lyrics] = await Promise.allSettled([get(`tracks/${id}`), get(`tracks/${id}/lyrics`), this.wantLyrics()]);
    if (this.askedId !== id) return;
    if (detail.status !== "fulfilled") this.askedId = null;
    if (id === this.player.trackId) this.take(detail.value?.body ?? null, lyrics.value?.body.lyrics ?? []);
  }

  async wantLyrics() {
    this.lyrics ??= await this.makeLyrics();
  }

  take(detail, lyrics) {
    this.detail = detail;
    this.parts.quality.textContent = detail ? soundOf(detail) : "";
    this.lyrics?.show(lyrics);
    this.showNames();
  }

  // The links are made anew only where they change: one of them may have the focus.
  showNames() {
    const { parts, detail } = this;
    const { track } = this.player;
    // On a phone a tap on the small bar opens the player: links there would be in its way.
    const canLink = this.full.isOpen || !PHONE.matches;
    const key = [track?.artist, track?.album, track?.album_id, detail?.id, canLink].join(" ");
    if (parts.artist.dataset.key === key) return;
    parts.artist.dataset.key = key;
    const shown = track ? artistLinks(track.artist, canLink ? artistsOf(detail ?? track) : []) : [];
    if (shown.length === 1) shown[0].classList?.add("is-whole");
    parts.artist.replaceChildren(...shown);
    parts.album.textContent = track?.album_id ? track.album : "";
    if (track?.album_id) parts.album.href = addressOf("albums", track.album_id);
    else parts.album.removeAttribute("href");
    parts.album.hidden = !parts.album.textContent;
  }

  showNext() {
    const { player, parts } = this;
    const id = this.nextId();
    if (this.full.isOpen && id !== null) player.known.want([id]);
    const next = player.known.get(id);
    const text = id === null ? gettext("The last track of the queue") : next ? filled(gettext("Next: %(title)s · %(artist)s"), next) : gettext("Next: …");
    if (parts.upNext.textContent !== text) parts.upNext.textContent = parts.upNext.title = text;
    parts.upNext.hidden = player.mirror !== null; // only the tab that plays knows what follows
  }

  nextId() {
    const { trackId, queue, state } = this.player;
    return state.repeat === "one" ? trackId : queue.upcomingId(state.repeat === "all");
  }
}
