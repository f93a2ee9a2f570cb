// All tracks, or those that a search or filter leaves, in any order.

import { get } from "../api.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { PagedRows } from "../sources.js";
import { sortHeadings, TrackRows } from "../track-rows.js";
import { ListPlace } from "./list-place.js";

const FILTERS = ["q", "artist", "album", "genre"];
const SORTS = { artist: "Artist", title: "Title", album: "Album", "-added": "Added last", "-year": "Year", duration: "Length" };
const DEFAULT_SORT = "artist";
const NEAR_ROWS = 100;

export class TracksView {
  title = "Tracks";

  constructor(page) {
    this.page = page;
    const { query } = page.place;
    this.filters = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""]).filter(([, value]) => value));
    this.sort = query.get("sort") ?? DEFAULT_SORT;
    this.source = new PagedRows((offset, limit, signal) => get(`tracks?${this.parameters({ offset, limit })}`, signal));
    this.rows = new TrackRows({
      scroller: page.scroller,
      source: this.source,
      label: "Tracks",
      player: page.player,
      play: (index) => this.play(index),
      menu: (track, at) => page.openMenu(track, at),
      headings: sortHeadings(this.sort, (sort) => this.go({ sort })),
    });
    this.place = new ListPlace(page, {
      list: this.list,
      body: this.rows.grid,
      noun: "track",
      query: this.filters.q,
      isNarrowed: Object.keys(this.filters).length > 0,
      clear: () => (this.filters.q ? this.go({ q: "" }) : page.router.go("/tracks")),
    });
  }

  get list() {
    return this.rows.list;
  }

  begin() {
    this.page.container.replaceChildren(
      element("div", { class: "heading" }, this.heading(), this.place.count, this.filterNotes(), this.actions()),
      this.place.element,
    );
    this.list.update();
  }

  end() {
    this.source.stop();
    this.rows.end();
  }

  // What has changed in the library is shown in place: nothing in sight moves but what must.
  async refresh() {
    const { first, last } = this.list.inSight();
    const { selection } = this.rows;
    const anchor = this.source.row(first)?.id;
    await this.source.refresh(Math.max(0, first - NEAR_ROWS), last + NEAR_ROWS);
    const moved = this.page.scroller.scrollTop > 0 && anchor ? await this.indexOf(anchor, first) : first;
    if (moved !== null && moved !== first) this.list.shift(moved - first);
    if (selection.id !== null) selection.follow((await this.indexOf(selection.id, selection.index)) ?? -1);
    this.rows.glow((track) => this.source.isFresh(track));
  }

  // Where a track is now; near its old place it is soon found, else all ids have to be asked for.
  async indexOf(id, near) {
    for (let step = 0; step <= NEAR_ROWS; step += 1) {
      if (this.source.row(near + step)?.id === id) return near + step;
      if (this.source.row(near - step)?.id === id) return near - step;
    }
    const index = (await this.ids()).indexOf(id);
    return index < 0 ? null : index;
  }

  async ids() {
    const { body } = await get(`tracks/ids?${this.parameters({})}`);
    return body.ids;
  }

  play(index) {
    this.page.player.playAmong(this.source.row(index).id, () => this.ids());
  }

  parameters(more) {
    return new URLSearchParams({ ...this.filters, sort: this.sort, ...more });
  }

  go(change) {
    const sort = change.sort ?? this.sort;
    const query = { ...this.filters, ...change, sort: sort === DEFAULT_SORT ? "" : sort };
    this.page.router.go(addressOf("tracks", null, query));
  }

  // Of one artist the name is not in the address.
  heading() {
    const heading = element("h1", { dir: "auto" }, this.filters.genre || "Tracks");
    if (this.filters.artist) {
      get(`artists/${this.filters.artist}`).then(
        ({ body }) => (heading.textContent = body.name),
        () => {}, // then the list is empty, and says so
      );
    }
    return heading;
  }

  filterNotes() {
    const isFiltered = this.filters.artist || this.filters.album || this.filters.genre;
    return isFiltered ? element("a", { class: "button small", href: "/tracks" }, "Show all tracks") : null;
  }

  actions() {
    const { player } = this.page;
    const button = (label, act) => element("button", { type: "button", class: "small", on: { click: act } }, label);
    const choices = Object.entries(SORTS).map(([sort, label]) => element("option", { value: sort, selected: sort === this.sort }, label));
    if (!(this.sort in SORTS)) choices.push(element("option", { value: this.sort, selected: true }, "Other"));
    const select = element("select", { on: { change: () => this.go({ sort: select.value }) } }, ...choices);
    return element(
      "div",
      { class: "actions" },
      button("Play", async () => player.playAll(await this.ids())),
      button("Shuffle", async () => player.shuffleAll(await this.ids())),
      element("label", { class: "sort-choice" }, element("span", { class: "unseen" }, "Sort by"), select),
    );
  }
}
