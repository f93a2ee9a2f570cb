// What changed in the library since this page last asked, by the API's `sync`.

import { get } from "./api.js";

const LIMIT = 250;
const MOST_PAGES = 2;
const LISTS = { track: "tracks", album: "albums", artist: "artists", folder: "folders" };
export const KINDS = Object.keys(LISTS);

// The changes between two tokens: by kind ("track", "album", "artist", "folder") the rows that
// changed, and the ids of those that lists do not show any more. If `isEverything`, there were too
// many to fetch: anything may have changed.
export class Changes {
  constructor(pages = null) {
    this.isEverything = pages === null;
    this.rows = {};
    this.removed = {}; // by kind: a Map from the id to that of the row that it was joined with, or null
    for (const [kind, list] of Object.entries(LISTS)) {
      this.rows[kind] = new Map((pages ?? []).flatMap((page) => page[list]).map((row) => [row.id, row]));
      const gone = (pages ?? []).flatMap(({ removed }) => removed).filter((each) => each.kind === kind);
      this.removed[kind] = new Map(gone.map(({ id, replaced_by: living }) => [id, living]));
    }
  }

  // Whether anything of these kinds may have changed.
  has(...kinds) {
    return this.isEverything || kinds.some((kind) => this.rows[kind].size || this.removed[kind].size);
  }

  // Whether one of the rows with these ids may have changed.
  touches(kind, ids) {
    return this.isEverything || [...ids].some((id) => this.rows[kind].has(id) || this.removed[kind].has(id));
  }

  // A Map from the ids of tracks that were joined with another one to the id of that one.
  get livingIds() {
    return new Map([...this.removed.track].filter(([, living]) => living !== null));
  }
}

export class LibraryChanges {
  // `token`: the state of the library that the page holds, as the API and the page name it.
  constructor(token) {
    this.token = token;
    this.last = Promise.resolve();
  }

  // Resolves to the Changes since the last call, or since the page was made. Calls wait for each
  // other, because each begins where the one before has ended.
  ask() {
    this.last = this.last.then(() => this.fetch());
    return this.last;
  }

  async fetch() {
    try {
      // The user's own things are not wanted here: marks tell of them.
      const first = new URLSearchParams({ since: this.token, own: false, limit: LIMIT });
      const pages = [(await get(`sync?${first}`)).body];
      while (isContinued(pages) && pages.length < MOST_PAGES) {
        pages.push((await get(`sync?${new URLSearchParams({ cursor: pages.at(-1).cursor, limit: LIMIT })}`)).body);
      }
      this.token = pages[0].token;
      return new Changes(pages[0].is_whole || isContinued(pages) ? null : pages);
    } catch {
      return new Changes(); // the token stays, so the next call asks for the same again
    }
  }
}

const isContinued = (pages) => !pages[0].is_whole && pages.at(-1).cursor !== null;
