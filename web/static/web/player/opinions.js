// The user's favourites and ratings. All parts of the page share one object. A change is shown at
// once and kept in the browser until the server has taken it: also if the server is away, or the
// page is closed meanwhile. A change that waited is told with its age: what was changed later elsewhere
// stays.

import { storageName } from "./addresses.js";
import { Away, contact, get, send } from "./api.js";
import { bodyOf, keysOf, OpinionsOutbox } from "./opinions-outbox.js";
import { filled, gettext } from "./translation.js";

export const PLURALS = ["tracks", "albums", "artists", "folders"];
const RETRY_MS = 5000;
const AGED_MS = 5000; // a younger change is one of now
const CHANNEL = storageName("mus-opinions");

const ofEachKind = (make) => Object.fromEntries(PLURALS.map((kind) => [kind, make()]));

// What one list of the API has, favourites or ratings: by kind a Map from the id to the value, which
// is true for a favourite and the number of stars for a rating.
class Known {
  constructor(name) {
    this.name = name;
    this.values = ofEachKind(() => new Map());
    this.number = null; // of the user's last change that is in here; null until it is loaded
  }

  // Returns whether anything is other than before.
  take(body) {
    const before = this.values;
    let isOther = body.is_whole;
    if (body.is_whole) this.values = ofEachKind(() => new Map());
    for (const kind of PLURALS) {
      const found = body[kind];
      const entries = Array.isArray(found) ? found.map((id) => [id, true]) : Object.entries(found);
      for (const [id, value] of entries) {
        isOther ||= before[kind].get(Number(id)) !== value;
        this.values[kind].set(Number(id), value);
      }
      for (const id of body.removed[kind] ?? []) isOther = this.values[kind].delete(id) || isOther;
    }
    this.number = body.number;
    return isOther;
  }

  set(kind, id, value) {
    if (value) this.values[kind].set(id, value);
    else this.values[kind].delete(id);
  }
}

// Events: "change": what is shown has changed. "elsewhere": another browser or tab changed something,
// so that lists may be other ones. "refused": changes were refused and are taken back; `detail` is a
// sentence for people.
export class Opinions extends EventTarget {
  constructor(user) {
    super();
    this.user = user;
    this.known = { favourites: new Known("favourites"), ratings: new Known("ratings") };
    this.waiting = { favourites: new OpinionsOutbox("favourites", user), ratings: new OpinionsOutbox("ratings", user) };
    this.loading = {};
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.addEventListener("message", ({ data }) => this.heard(data));
    addEventListener("storage", ({ key }) => this.stored(key));
    for (const type of ["back", "loggedin"]) {
      contact.addEventListener(type, () => {
        this.refresh();
        this.flush();
      });
    }
  }

  begin() {
    this.refresh();
    this.flush();
  }

  isFavourite(kind, id) {
    return Boolean(this.value("favourites", kind, id));
  }

  // 1 to 5; 0 without a rating.
  stars(kind, id) {
    return this.value("ratings", kind, id) || 0;
  }

  value(name, kind, id) {
    return this.waiting[name].wanted.get(`${kind}/${id}`) ?? this.known[name].values[kind].get(id);
  }

  setFavourite(kind, ids, isFavourite) {
    this.want("favourites", kind, ids.map((id) => [id, isFavourite]));
  }

  setStars(kind, ids, stars) {
    this.want("ratings", kind, ids.map((id) => [id, stars]));
  }

  // `pairs`: of each id, and its stars.
  setEachStars(kind, pairs) {
    this.want("ratings", kind, pairs);
  }

  want(name, kind, pairs) {
    const at = Date.now();
    this.waiting[name].change((wanted, since) => {
      for (const [id, value] of pairs) {
        wanted.set(`${kind}/${id}`, value);
        since.set(`${kind}/${id}`, at);
      }
    });
    this.tell("change");
    return this.flush();
  }

  // Whether changes wait for a server that is away.
  get isWaiting() {
    return contact.isAway;
  }

  // Send what waits. Tabs take turns, so that none sends what another one is sending.
  flush() {
    const act = () => this.sendAll();
    this.turn = (this.turn ?? Promise.resolve()).then(() => (navigator.locks ? navigator.locks.request(CHANNEL, act) : act()));
    return this.turn;
  }

  async sendAll() {
    clearTimeout(this.retrying);
    for (const name of ["favourites", "ratings"]) {
      this.waiting[name].read();
      let isOver = this.waiting[name].wanted.size === 0;
      while (!isOver) isOver = !(await this.sendSome(name));
    }
  }

  // Returns whether more is to be sent.
  async sendSome(name) {
    const waiting = this.waiting[name];
    const { changes: sent, age } = waiting.earliest();
    const about = { user: this.user, ...(age > AGED_MS && { age_s: age / 1000 }) };
    try {
      const { unknown, later } = await send("POST", name, { ...bodyOf(name, sent), ...about });
      this.taken(name, sent, unknown, later);
    } catch (error) {
      // Sent when contact is back, or this user has logged in again.
      if (error instanceof Away || error.status === 401 || error.code === "other_user") return false;
      if (error.status === 429) {
        this.retrying = setTimeout(() => this.flush(), RETRY_MS);
        return false;
      }
      this.drop(name, sent);
      this.refused(filled(name === "favourites" ? gettext("The favourites were not changed. %(why)s") : gettext("The ratings were not changed. %(why)s"), { why: error.message }));
    }
    return waiting.wanted.size > 0;
  }

  taken(name, sent, unknown, later) {
    const gone = keysOf(unknown);
    const outdone = keysOf(later);
    for (const [key, value] of sent) {
      const [kind, id] = key.split("/");
      if (!gone.has(key) && !outdone.has(key)) this.known[name].set(kind, Number(id), value);
    }
    this.drop(name, sent);
    if (gone.size) this.refused(gettext("This is not in the library any more."));
    if (outdone.size) {
      this.refused(name === "favourites" ? gettext("Some favourites were changed later in another browser; these changes stay.") : gettext("Some ratings were changed later in another browser; these changes stay."));
      this.refresh(name);
    }
    this.channel.postMessage({ name });
  }

  // These wait no more, unless another value is wanted meanwhile.
  drop(name, sent) {
    this.waiting[name].change((wanted) => {
      for (const [key, value] of sent) if (wanted.get(key) === value) wanted.delete(key);
    });
    this.tell("change");
  }

  // Another browser changed something: `detail` of the event "changed" of Live.
  hear({ name, number }) {
    const known = this.known[name];
    if (known && (number === null || known.number === null || number > known.number)) this.refresh(name);
  }

  // Another tab of this browser has sent changes.
  heard({ name }) {
    this.waiting[name].read();
    this.refresh(name);
  }

  stored(key) {
    const name = Object.keys(this.waiting).find((each) => this.waiting[each].key === key);
    if (!name) return;
    this.waiting[name].read();
    this.tell("change");
  }

  // The library has changed: rows may have been joined or purged.
  libraryChanged(changes) {
    if (!changes.isEverything && !Object.values(changes.removed).some(({ size }) => size)) return;
    for (const known of Object.values(this.known)) known.number = null;
    this.refresh();
  }

  // Ask for what has changed. Calls during a request share one more request.
  refresh(...names) {
    for (const name of names.length ? names : Object.keys(this.known)) {
      if (this.loading[name]) this.loading[name].isDue = true;
      else this.load(name);
    }
  }

  async load(name) {
    const known = this.known[name];
    const loading = (this.loading[name] = { isDue: false });
    try {
      const { body } = await get(known.number ? `${name}?since=${known.number}` : name);
      const wasLoaded = known.number !== null;
      const isOther = known.take(body);
      this.tell("change");
      if (wasLoaded && isOther) this.tell("elsewhere");
    } catch {
      // They are asked for again when contact is back, or with the next change.
    }
    this.loading[name] = null;
    if (loading.isDue) this.load(name);
  }

  refused(text) {
    this.dispatchEvent(new CustomEvent("refused", { detail: text }));
  }

  tell(type) {
    this.dispatchEvent(new Event(type));
  }
}
