// What the page of a playlist asks the server for, at first and after changes: the playlist itself, and
// its rows. An answer to an older question never replaces a newer one.

import { get } from "../api.js";
import { refreshInPlace } from "../refresh-in-place.js";
import { isGone } from "./list-place.js";

export class PlaylistLoading {
  asked = 0; // how often the playlist was asked for
  answered = 0; // the number of the question whose answer is shown
  leaving = new AbortController();

  // `view`: the PlaylistView.
  constructor(view) {
    this.view = view;
  }

  // The playlist is about to be deleted: what is being asked would find none, and the page would say so.
  leave() {
    this.isLeaving = true;
    this.leaving.abort();
    this.view.source.stop();
  }

  // It was not deleted after all.
  stay() {
    this.isLeaving = false;
    this.leaving = new AbortController();
  }

  async loadHead() {
    const number = (this.asked += 1);
    const { body } = await get(`playlists/${this.view.id}`, this.leaving.signal);
    if (this.view.hasEnded || number < this.answered) return;
    this.answered = number;
    this.view.showPlaylist(body);
  }

  // What is shown is not known to be so on the server while it is away.
  settled() {
    this.isUnsure = false;
    if (!this.view.hasEnded) this.refresh().catch(() => (this.isUnsure = true));
  }

  // After a change of playlists, which may be another one. Calls during a request share one more request,
  // which sees what changed meanwhile.
  refreshQuietly() {
    this.next ??= Promise.resolve(this.underWay).then(() => {
      this.next = null;
      this.underWay = this.askAgain();
      return this.underWay;
    });
    return this.next;
  }

  async askAgain() {
    const { view } = this;
    if (view.edits.pending || this.isLeaving || view.hasEnded) return;
    try {
      await this.loadHead();
      if (view.playlist.version !== view.source.version) await this.refreshRows();
    } catch (error) {
      if (isGone(error)) view.failed(error);
    }
  }

  async refresh() {
    try {
      await this.loadHead();
      await this.refreshRows();
    } catch (error) {
      if (isGone(error)) this.view.failed(error);
      throw error;
    }
  }

  // One after the other, since an older answer must not replace a newer one.
  refreshRows() {
    this.refreshing = (this.refreshing ?? Promise.resolve()).catch(() => null).then(() => this.reloadRows());
    return this.refreshing;
  }

  // The visible rows and the selection stay in their places. A change that the user makes meanwhile is
  // not in what is loaded here, so that is left: once the server has the change, all is loaded again.
  async reloadRows() {
    const { rows, list, source, edits } = this.view;
    const { selection } = rows;
    const { begun } = edits;
    const isOutdated = () => this.view.hasEnded || this.isLeaving || edits.pending > 0 || edits.begun !== begun;
    if (isOutdated()) return;
    const allPlaces = async () => new Map((await source.allIds()).map((id, place) => [id, place]));
    const isAll = selection.chosen.size > 1 && selection.chosen.size === source.count;
    const near = await refreshInPlace(list, allPlaces, isOutdated);
    if (near === null) return;
    const isNear = isAll || [...selection.chosen.values()].every((id) => near.has(id));
    const places = isNear ? near : await allPlaces();
    if (isOutdated()) return;
    if (isAll) selection.selectAll();
    else selection.follow((id) => places.get(id));
    rows.glow((row) => source.isFresh(row));
  }
}
