// The view of a folder as it is on disk: the way up, the folders in it, then its tracks. Without an id:
// the music folders, or what is in the only one.

import { get } from "../api.js";
import { makeCover, showCover } from "../cover.js";
import { element, tagText } from "../element.js";
import { LinkKeys } from "../link-keys.js";
import { makeHeart, mark, opinionsOf } from "../opinion-controls.js";
import { addressOf } from "../router.js";
import { Rows } from "../sources.js";
import { TrackRows } from "../track-rows.js";
import { gettext } from "../translation.js";
import { counted } from "../words.js";
import { WindowedList } from "../windowed-list.js";
import { kindsNav } from "./kinds.js";
import { emptyLibrary } from "./states.js";
import { ThingView } from "./thing-view.js";

const ROW_PX = 56;
const TILE_PX = 40;
const PORTION = 500;

export class FoldersView extends ThingView {
  title = gettext("Folders");
  noun = "folder";

  constructor(page) {
    super();
    this.page = page;
    this.id = page.place.id;
    const body = element("div", { class: "artists folders-in", role: "list", "aria-label": gettext("Folders") });
    this.folders = new WindowedList({
      scroller: page.scroller,
      body,
      source: new Rows(),
      make: makeRow,
      fill: (row, folder, index, isSettled) => fill(row, folder, index, this.folders.source.count, isSettled),
      shape: () => ({ columns: 1, height: ROW_PX }),
    });
    this.folderKeys = new LinkKeys(this.folders);
    this.rows = new TrackRows({
      scroller: page.scroller,
      source: new Rows(),
      label: gettext("Tracks"),
      player: page.player,
      play: (index) => page.player.playAll(this.tracks.map(({ id }) => id), index),
      menu: (track, at) => page.openMenu(track, at),
      menuOfSeveral: (indexes, at) => page.openMenuOfSeveral(indexes.length, () => this.rows.idsAt(indexes), at),
    });
    this.content = element("div", {}, body, this.rows.grid);
  }

  get tracks() {
    return this.rows.list.source.rows;
  }

  get list() {
    return this.tracks.length ? this.rows.list : this.folders;
  }

  get keys() {
    return this.tracks.length ? this.rows.selection : this.folderKeys;
  }

  concerns(changes) {
    return changes.has("track", "folder");
  }

  async begin() {
    await super.begin();
    this.page.loaded();
  }

  end() {
    this.hasEnded = true;
    this.folders.end();
    this.rows.end();
  }

  async refresh() {
    await super.refresh();
    const places = new Map(this.tracks.map(({ id }, index) => [id, index]));
    this.rows.selection.follow((id) => places.get(id));
  }

  async load() {
    const found = this.id === null ? await topFolders() : await contentOf(this.id);
    if (this.hasEnded) return;
    if (!found.folders.length && !found.tracks.length) {
      const nothing = await emptyLibrary(this.page.scanStatus, "track");
      if (this.hasEnded) return;
      this.shownHead = null;
      this.page.container.replaceChildren(element("div", { class: "heading" }, element("h1", {}, this.title)), nothing);
      return;
    }
    this.page.player.known.put(found.tracks);
    this.show(found);
  }

  show({ folder, parents, folders, tracks }) {
    const isTop = this.id === null;
    const name = isTop ? this.title : folder.name;
    this.page.setTitle(name);
    const head = element("div", {}, isTop ? kindsNav("folders") : wayUp(parents), this.head(name, folder));
    if (this.shownHead) this.shownHead.replaceWith(head);
    else this.page.container.replaceChildren(head, this.content);
    this.shownHead = head;
    this.rows.grid.hidden = !tracks.length;
    this.folders.source.set(folders);
    this.rows.list.source.set(tracks);
    this.folders.update();
    this.rows.list.update();
  }

  // `folder`: null where there are several music folders.
  head(name, folder) {
    const { player, addTo } = this.page;
    const ids = async () => (await get(`folders/${folder.id}/track-ids`)).body.ids;
    const button = (label, act, kind = "") => element("button", { type: "button", class: kind, on: { click: act } }, label);
    const actions = folder && [
      button(gettext("Play"), async () => player.playAll(await ids()), "primary"),
      button(gettext("Shuffle"), async () => player.shuffleAll(await ids())),
      button(gettext("Add to the queue"), async () => player.addLast(await ids(), name)),
      button(gettext("Add to a playlist…"), () => addTo.open({ ids, name })),
      opinionsOf("folders", folder.id, folder.name),
    ];
    const facts = folder && [folder.folder_count && counted(folder.folder_count, "folder"), counted(folder.total_track_count, "track")];
    return element(
      "div",
      { class: "heading" },
      element("h1", { dir: "auto", translate: "no" }, name),
      folder && element("p", { class: "count" }, facts.filter(Boolean).join(", ")),
      folder && element("div", { class: "actions" }, ...actions),
    );
  }
}

// The music folders; if there is only one, what is in it.
const topFolders = async () => {
  const { body } = await get(`folders?limit=${PORTION}`);
  if (body.results.length === 1) return contentOf(body.results[0].id);
  return { folder: null, parents: [], folders: body.results, tracks: [] };
};

// All pages of what is in a folder: first come the folders, then the tracks.
const contentOf = async (id) => {
  const [folders, tracks] = [[], []];
  for (;;) {
    const { body } = await get(`folders/${id}?limit=${PORTION}&offset=${folders.length + tracks.length}`);
    folders.push(...body.folders);
    tracks.push(...body.tracks);
    const isWhole = folders.length + tracks.length >= body.count || !(body.folders.length + body.tracks.length);
    if (isWhole) return { folder: body.folder, parents: body.parents, folders, tracks };
  }
};

const wayUp = (parents) =>
  element(
    "nav",
    { class: "kinds way-up", "aria-label": gettext("Folders above") },
    element("a", { href: addressOf("folders") }, gettext("Folders")),
    ...parents.map(({ id, name }) => element("a", { href: addressOf("folders", id), dir: "auto", translate: "no" }, name)),
  );

const makeRow = () => {
  const parts = { tile: makeCover(TILE_PX), name: tagText("text"), facts: element("span", { class: "facts" }) };
  parts.link = element("a", { class: "artist-link" }, parts.tile, parts.name, parts.facts);
  const row = element("div", { class: "artist-row", role: "listitem" }, parts.link, makeHeart({ tabindex: "-1" }));
  row.parts = parts;
  return row;
};

const fill = (row, folder, index, count, isSettled) => {
  row.setAttribute("aria-posinset", index + 1);
  row.setAttribute("aria-setsize", count);
  const { tile, link, name, facts } = row.parts;
  showCover(tile, { trackId: folder.cover_track_id, coverId: folder.cover_id, name: folder.name }, TILE_PX, isSettled);
  if (row.shown === folder) return;
  row.shown = folder;
  link.href = addressOf("folders", folder.id);
  name.textContent = folder.name;
  facts.textContent = counted(folder.total_track_count, "track");
  mark(row, "folders", folder.id, folder.name);
};
