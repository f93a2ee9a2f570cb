// Changes of favourites and ratings that wait for the server, with their times, in this browser.

import { storageName } from "./addresses.js";

const MOST_AT_ONCE = 4000;

// Changes that the server has not taken yet, of this user in this browser, by "tracks/12": the value
// that is wanted, false or 0 for none. All tabs share them.
export class OpinionsOutbox {
  constructor(name, user) {
    this.key = storageName(`mus-${name}-${user}`);
    this.read();
  }

  read() {
    try {
      const stored = JSON.parse(localStorage.getItem(this.key)) ?? [];
      this.wanted = new Map(stored);
      this.since = new Map(stored.map(([key, , at]) => [key, at ?? Date.now()]));
    } catch {
      this.wanted ??= new Map(); // there is no storage, or it holds something else
      this.since ??= new Map();
    }
  }

  write() {
    try {
      const stored = [...this.wanted].map(([key, value]) => [key, value, this.since.get(key)]);
      if (stored.length) localStorage.setItem(this.key, JSON.stringify(stored));
      else localStorage.removeItem(this.key);
    } catch {
      // There is no storage, or it is full: the changes are kept as long as the page is open.
    }
  }

  // Another tab may have changed what is stored meanwhile.
  change(act) {
    this.read();
    act(this.wanted, this.since);
    this.write();
  }

  // What was wanted first, all of it at the same time, and how long ago.
  earliest() {
    const at = Math.min(...[...this.wanted.keys()].map((key) => this.since.get(key)));
    const changes = [...this.wanted].filter(([key]) => this.since.get(key) === at).slice(0, MOST_AT_ONCE);
    return { changes, age: Math.max(0, Date.now() - at) };
  }
}

// The body of the request that tells these changes.
export const bodyOf = (name, changes) => (name === "favourites" ? favouritesBody(changes) : ratingsBody(changes));

// "tracks/12" for each of the ids by their kinds.
export const keysOf = (ids) => new Set(Object.entries(ids).flatMap(([kind, some]) => some.map((id) => `${kind}/${id}`)));

const favouritesBody = (changes) => {
  const body = { add: {}, remove: {} };
  for (const [key, value] of changes) {
    const [kind, id] = key.split("/");
    const part = value ? body.add : body.remove;
    (part[kind] ??= []).push(Number(id));
  }
  return body;
};

const ratingsBody = (changes) => {
  const body = {};
  for (const [key, value] of changes) {
    const [kind, id] = key.split("/");
    (body[kind] ??= {})[id] = value || null;
  }
  return body;
};
