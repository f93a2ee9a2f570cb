// The view of a search in everything: the best match, then a few results of each kind.

import { get } from "../api.js";
import { element, icon } from "../element.js";
import { recentSearches, rememberSearch } from "../recent-searches.js";
import { addressOf } from "../router.js";
import { SearchKeys } from "../search-keys.js";
import { recentList, SearchTips } from "../search-tips.js";
import { Rows } from "../sources.js";
import { TrackRows } from "../track-rows.js";
import { filled, filledWith, gettext } from "../translation.js";
import { counted, number } from "../words.js";
import { albumResult, bestMatch, groupRow } from "./search-results.js";
import { failure, message, nothingFound } from "./states.js";

const LIMIT = 8;

// The kinds in the order in which they are shown, which are the names of the API's lists too.
const SECTIONS = {
  artists: { title: gettext("Artists"), noun: "artist" },
  albums: { title: gettext("Albums"), noun: "album" },
  tracks: { title: gettext("Tracks"), noun: "track" },
  playlists: { title: gettext("Playlists"), noun: "playlist" },
  composers: { title: gettext("Composers"), noun: "composer" },
  genres: { title: gettext("Genres"), noun: "genre" },
  labels: { title: gettext("Labels"), noun: "label" },
};

export class SearchView {
  title = gettext("Search");
  query = "";
  answer = null;
  loading = null;

  constructor(page) {
    this.page = page;
    this.tracks = new Rows();
    this.rows = new TrackRows({
      scroller: page.scroller,
      source: this.tracks,
      label: gettext("Tracks"),
      player: page.player,
      play: (index) => {
        rememberSearch(this.query);
        page.player.playAll(this.trackIds, index);
      },
      menu: (track, at) => page.openMenu(track, at),
      menuOfSeveral: (indexes, at) => page.openMenuOfSeveral(indexes.length, () => this.rows.idsAt(indexes), at),
      keys: (event) => this.keys.leaveRows(event),
    });
    this.count = element("p", { class: "count", role: "status" });
    this.corrected = element("p", { class: "corrected", role: "status", hidden: true });
    this.best = element("section", { class: "best-match", "aria-label": gettext("Best match"), hidden: true });
    this.sections = Object.fromEntries(Object.keys(SECTIONS).map((kind) => [kind, this.section(kind)]));
    this.results = element("div", { class: "search-results" }, this.best, ...Object.values(this.sections).map(({ whole }) => whole));
    this.results.addEventListener("click", (event) => event.target.closest("a, button") && rememberSearch(this.query));
    this.state = element("div", { class: "search-state" });
    const whole = element("div", {}, this.state, this.results);
    this.keys = new SearchKeys(whole, this.rows.selection, () => this.best.querySelector("[data-item]"), () => page.field.focus());
    this.body = whole;
    this.tips = new SearchTips((text) => page.field.insert(text));
    this.notes = element("div", { class: "search-notes", role: "status" });
    const keeping = gettext("Save as playlist");
    this.keep = element("button", { type: "button", class: "small compact is-always", "aria-label": keeping, title: keeping, hidden: true, on: { click: () => this.keepSearch() } }, icon("smart"), element("span", {}, keeping));
  }

  // What `Views` asks of a list: how many results there are, and when they are here. Without a
  // search, these are the recent ones.
  get list() {
    return { source: { count: this.query ? this.found : recentSearches().length || null, settled: () => this.loading } };
  }

  // The number of results; null without a search.
  get found() {
    if (!this.answer) return null;
    return Object.keys(SECTIONS).reduce((sum, kind) => sum + (this.answer[kind]?.count ?? 0), 0);
  }

  get trackIds() {
    return this.tracks.rows.map(({ id }) => id);
  }

  begin() {
    this.page.container.replaceChildren(
      (this.heading = element("div", { class: "heading" }, element("h1", {}, this.title), this.count, element("div", { class: "actions" }, this.keep))),
      this.corrected,
      this.notes,
      this.body,
    );
    this.turnTo();
  }

  end() {
    this.hasEnded = true;
    this.underWay?.abort();
    this.rows.end();
  }

  turnTo() {
    this.query = this.page.place.query.get("q")?.trim() ?? "";
    this.loading = this.load();
  }

  get hasFailed() {
    return !this.answer;
  }

  concerns(changes) {
    return changes.has("track", "album", "artist");
  }

  async refresh() {
    if (this.query) await (this.loading = this.load());
  }

  // Only the newest request shows its answer: it aborts the one before. Until then, the results of
  // the search before stay in sight.
  async load() {
    this.underWay?.abort();
    const underWay = (this.underWay = new AbortController());
    if (!this.query) {
      this.show(null);
      return;
    }
    try {
      const { body } = await get(`search?${new URLSearchParams({ q: this.query, limit: LIMIT, artists: true })}`, underWay.signal);
      if (!underWay.signal.aborted && !this.hasEnded) this.show(body);
    } catch (error) {
      if (!underWay.signal.aborted && !this.hasEnded) this.fail(error);
    }
  }

  show(answer) {
    const before = this.answer;
    this.answer = answer;
    if (before?.q !== answer?.q) this.page.scroller.scrollTop = 0;
    const focused = document.activeElement?.dataset?.item;
    this.showState();
    for (const kind of Object.keys(SECTIONS)) this.showSection(kind, answer?.[kind] ?? { count: 0, results: [] });
    this.showBest();
    if (before?.q === answer?.q && focused) this.keys.focus(focused);
    this.page.loaded();
  }

  showState() {
    const { answer } = this;
    const clear = () => this.page.router.go(addressOf("search"));
    this.count.textContent = answer && this.found ? filled(gettext("%(what)s found"), { what: wordsOfCounts(answer) }) : "";
    this.results.hidden = !this.found;
    this.keep.hidden = !answer?.tracks.count;
    this.showTips(Boolean(answer));
    void this.showNotes(answer?.notes ?? []);
    this.corrected.hidden = !answer?.corrected_q;
    if (answer?.corrected_q) {
      const quote = (text) => element("q", { dir: "auto" }, text);
      this.corrected.replaceChildren(...filledWith(gettext("Nothing fits %(query)s. Showing %(corrected)s."), { query: quote(answer.q), corrected: quote(answer.corrected_q) }));
    }
    if (!answer) this.state.replaceChildren(...invitation(() => this.showState()));
    else this.state.replaceChildren(...(this.found ? [] : [nothingFound(answer.q, clear, false)]));
  }

  // Above the results; below the recent searches.
  showTips(isSearched) {
    if (isSearched === this.tips.isSearched) return;
    (isSearched ? this.heading : this.body).after(this.tips.element);
    this.tips.show(isSearched);
  }

  async showNotes(notes) {
    this.noted = notes;
    if (!notes.length && !this.notes.firstChild) return;
    const { showNotes } = await import("../search-notes.js");
    showNotes(this.notes, this.noted);
  }

  // Keep the tracks that fit as a playlist that renews itself. The dialog says what cannot be kept.
  async keepSearch() {
    const q = this.answer.corrected_q ?? this.answer.q;
    rememberSearch(q);
    const [{ body }, { noticeWords }] = await Promise.all([get(`search/rules?${new URLSearchParams({ q })}`), import("../search-notes.js")]);
    if (body.rules) this.page.acts.makeSmart({ name: q, rules: body.rules, notices: [gettext("It holds the tracks that fit, now and later. Artists, albums and playlists that the search finds by their own names are not in it."), ...body.notes.map(noticeWords)] });
  }

  showBest() {
    const { best } = this.answer ?? {};
    const kind = best && `${best.kind}s`;
    const row = best && this.answer[kind].results.find(({ id }) => id === best.id);
    this.best.hidden = !row;
    this.best.replaceChildren(...(row ? [bestMatch(kind, row, this.page)] : []));
  }

  section(kind) {
    const { title } = SECTIONS[kind];
    const all = element("a", { class: "all" });
    const body = kind === "tracks" ? this.rows.grid : element("ul", { class: kind === "albums" ? "search-tiles" : "search-rows", role: "list", "aria-label": title });
    const whole = element("section", { class: "search-section", hidden: true }, element("div", { class: "search-heading" }, element("h2", {}, title), all), body);
    return { whole, body, all };
  }

  showSection(kind, { count, count_is_exact: isExact, results }) {
    const { whole, body, all } = this.sections[kind];
    whole.hidden = !results.length;
    all.hidden = count <= results.length;
    all.href = addressOf(kind, null, { q: this.answer?.corrected_q ?? this.answer?.q });
    all.textContent = filled(isExact ? gettext("All %(count)s") : gettext("All %(count)s+"), { count: number(count) });
    all.setAttribute("aria-label", filled(isExact ? gettext("All %(things)s") : gettext("All of more than %(things)s"), { things: counted(count, SECTIONS[kind].noun) }));
    if (kind === "tracks") this.showTracks(results);
    else body.replaceChildren(...results.map((row) => (kind === "albums" ? albumResult(row) : groupRow(kind, row, this.page.player.known))));
  }

  showTracks(tracks) {
    this.page.player.known.put(tracks);
    const { selection } = this.rows;
    this.tracks.set(tracks);
    const places = new Map(tracks.map(({ id }, index) => [id, index]));
    selection.follow((id) => places.get(id));
  }

  fail(error) {
    this.answer = null;
    this.results.hidden = this.corrected.hidden = this.keep.hidden = true;
    void this.showNotes([]);
    this.count.textContent = "";
    this.state.replaceChildren(failure(gettext("The results"), error, () => this.page.reload()));
  }
}

// "3 artists, 12 albums, more than 1,000 tracks"
const wordsOfCounts = (answer) =>
  Object.entries(SECTIONS)
    .filter(([kind]) => answer[kind]?.count)
    .map(([kind, { noun }]) => answer[kind].count_is_exact ? counted(answer[kind].count, noun) : filled(gettext("more than %(things)s"), { things: counted(answer[kind].count, noun) }))
    .join(", ");

// What of a search a playlist cannot have.
const invitation = (changed) => [
  message(gettext("Search everything"), [element("p", {}, gettext("Artists, albums, tracks, playlists, composers, genres and labels, by their names and in any order of the words."))]),
  recentList(changed),
].filter(Boolean);
