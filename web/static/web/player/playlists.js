// The playlists that the user can see, and the folders for the own ones, as the server has them. All
// parts of the page share one object, which is loaded when it is first needed.

import { contact, get, getAll, send } from "./api.js";
import { storageName } from "./addresses.js";
import { SmartSummaries } from "./smart-summaries.js";

const USED_KEY = storageName("mus-playlists-used");
const MOST_USED = 50;

// Events: "change": the list has other playlists, names, counts and so on. "fail": it could not be
// loaded; `error` says why. "touched": somebody changed something of playlists, here or elsewhere.
export class Playlists extends EventTarget {
  all = null; // the rows of the API; null until they are loaded
  folders = [];
  error = null;
  underWay = null;
  summaries = new SmartSummaries(() => this.showSummaries());

  // `outbox`: the PlaylistOutbox, for what is added while the server is away.
  constructor(outbox) {
    super();
    this.outbox = outbox;
    outbox.addEventListener("sent", () => this.touched());
    contact.addEventListener("back", () => this.all && this.refresh());
  }

  // Load them if that was not done yet.
  async want() {
    if (!this.all) await this.refresh();
  }

  // Calls during a request share one more request, which sees what changed meanwhile.
  refresh() {
    this.next ??= Promise.resolve(this.underWay).then(() => {
      this.next = null;
      this.underWay = this.load();
      return this.underWay;
    });
    return this.next;
  }

  async load() {
    try {
      if (contact.isAway && this.all) return; // they are more than those that are kept offline
      const [all, { body }] = await Promise.all([getAll("playlists", {}), get("playlist-folders")]);
      Object.assign(this, { all, folders: body.results, error: null });
      this.summaries.setStale();
      this.showSummaries();
    } catch (error) {
      this.error = error;
      this.dispatchEvent(new Event("fail"));
    }
  }

  // A playlist of the list is in sight: lists do not tell how many tracks a smart one has.
  inSight(playlist) {
    this.summaries.want(playlist);
  }

  showSummaries() {
    this.all = this.all.map((each) => this.summaries.withSummary(each));
    this.dispatchEvent(new Event("change"));
  }

  // Something was changed, by this page or by another browser.
  touched() {
    this.dispatchEvent(new Event("touched"));
    if (this.all) this.refresh();
  }

  get(id) {
    return this.all?.find((each) => each.id === id) ?? null;
  }

  // Those to which tracks can be added, the latest used first.
  get writable() {
    const used = usedIds();
    const rank = ({ id }) => (used.includes(id) ? used.indexOf(id) : MOST_USED);
    return (this.all ?? [])
      .filter((each) => isEditable(each))
      .sort((one, other) => rank(one) - rank(other) || Date.parse(other.changed_at) - Date.parse(one.changed_at));
  }

  used(id) {
    const ids = [id, ...usedIds().filter((each) => each !== id)].slice(0, MOST_USED);
    try {
      localStorage.setItem(USED_KEY, JSON.stringify(ids));
    } catch {
      // There is no storage: the latest changed ones come first.
    }
  }

  // Requests. Each returns the answer, and tells the other parts of the page.

  async send(method, path, body) {
    const answer = await send(method, path, body);
    this.touched();
    return answer;
  }

  make(fields) {
    return this.send("POST", "playlists", fields);
  }

  change(id, fields) {
    return this.send("PATCH", `playlists/${id}`, fields);
  }

  remove(id) {
    return this.send("DELETE", `playlists/${id}`);
  }

  restore(id) {
    return this.send("POST", `playlists/${id}/restore`);
  }

  // It does not follow its file any more.
  detach(id) {
    return this.send("POST", `playlists/${id}/detach`);
  }

  // `what`: what is added, as the API names it, such as `{ track_ids }`. While the server is away,
  // tracks wait in the outbox; `waits` in the answer is the name under which they do.
  async add(id, what) {
    this.used(id);
    if (!what.track_ids) return this.send("POST", `playlists/${id}/entries`, what);
    const answer = await this.outbox.add(id, this.get(id)?.name ?? "", what.track_ids, what.before);
    this.touched();
    return answer;
  }

  removeEntries(id, entryIds) {
    return this.send("POST", `playlists/${id}/entries/remove`, { entry_ids: entryIds });
  }

  restoreEntries(id, entryIds) {
    return this.send("POST", `playlists/${id}/entries/restore`, { entry_ids: entryIds });
  }

  // `before`: the id of the entry before which these are put; null: the end.
  moveEntries(id, entryIds, before) {
    return this.send("POST", `playlists/${id}/entries/move`, { entry_ids: entryIds, before });
  }

  makeFolder(name, parentId = null) {
    return this.send("POST", "playlist-folders", { name, parent_id: parentId });
  }

  changeFolder(id, fields) {
    return this.send("PATCH", `playlist-folders/${id}`, fields);
  }

  removeFolder(id) {
    return this.send("DELETE", `playlist-folders/${id}`);
  }

  // The ids of the tracks that are in the library, in the order of the playlist.
  async trackIds(id) {
    return (await get(`playlists/${id}/track-ids`)).body.ids;
  }

  // A copy of the playlist, with a name of its own.
  async duplicate({ id, name, description, folder_id: folderId }) {
    const copy = await this.make({ name: this.freeName(`${name} (copy)`), description, folder_id: folderId });
    await this.add(copy.id, { playlist_ids: [id] });
    return copy;
  }

  freeName(name) {
    const taken = new Set((this.all ?? []).filter(({ is_own: isOwn }) => isOwn).map((each) => each.name));
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name} ${number}`;
    return free;
  }
}

// Whether the user may add, move and remove entries: those of a smart playlist are chosen by its
// rules, and a playlist that follows a file has what is in that file.
export const isEditable = ({ can_write: canWrite, is_smart: isSmart, source }) => canWrite && !isSmart && !source;

const usedIds = () => {
  try {
    return JSON.parse(localStorage.getItem(USED_KEY)) ?? [];
  } catch {
    return [];
  }
};
