// Sources of rows for lists of any length: a list requests rows by index, and they arrive later.

const PAGE = 100;
const KEPT_PAGES = 30;

// A source whose rows are all loaded.
export class Rows extends EventTarget {
  constructor(rows = []) {
    super();
    this.rows = rows;
  }

  get count() {
    return this.rows.length;
  }

  row(index) {
    return this.rows[index];
  }

  want() {}

  set(rows) {
    this.rows = rows;
    this.dispatchEvent(new Event("change"));
  }
}

// The rows of a list of the API, loaded in pages. Events: "change": rows have arrived. "fail": they
// could not be loaded; `error` says why. "turn": the source now has the rows of another list.
export class PagedRows extends EventTarget {
  // `load(offset, limit, signal)` returns a promise of `{ body: { count, results }, at }`.
  constructor(load) {
    super();
    this.load = load;
    this.count = null;
    this.error = null;
    this.freshSince = Infinity;
    this.pages = new Map();
    this.underWay = new Map();
  }

  row(index) {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  // Load rows `first` to `last`, and one page more in the direction of scrolling. Requests for
  // other pages are aborted.
  want(first, last, direction = 1) {
    const hasFailed = this.error && this.count === null; // the user or `replace` may try again
    if (this.turning || hasFailed) return;
    const from = Math.max(0, Math.floor(first / PAGE));
    const to = Math.floor(Math.max(first, last) / PAGE);
    const wanted = range(direction < 0 ? Math.max(0, from - 1) : from, direction > 0 ? to + 1 : to);
    for (const [page, abort] of this.underWay) {
      if (!wanted.includes(page)) abort.abort();
    }
    const isThere = (page) => page === 0 || page * PAGE < this.count;
    for (const page of wanted.filter(isThere)) {
      if (!this.pages.has(page) && !this.underWay.has(page)) this.fetch(page);
    }
    this.forget(from, to);
  }

  // Load the present rows `first` to `last` for `replace`. `places` of the result maps ids to
  // indexes.
  async loadAround(first, last) {
    const numbers = range(Math.max(0, Math.floor(first / PAGE)), Math.floor(Math.max(0, first, last) / PAGE));
    const answers = await Promise.all(numbers.map((page) => this.load(page * PAGE, PAGE)));
    const places = new Map();
    answers.forEach(({ body }, index) => body.results.forEach(({ id }, row) => places.set(id, numbers[index] * PAGE + row)));
    return { pages: new Map(answers.map(({ body }, index) => [numbers[index], body.results])), places, answer: answers.at(-1) };
  }

  // Replace all rows by the result of `loadAround`. Rows added since the last load are fresh.
  replace({ pages, answer }) {
    if (this.turning) return;
    this.stop();
    this.pages = pages;
    this.freshSince = this.loadedAt ?? Infinity;
    this.take(answer);
  }

  // Change to another list as soon as its first rows are loaded; until then the old rows stay.
  async turnTo(load) {
    this.stop();
    this.load = load;
    const turning = (this.turning = new AbortController());
    try {
      const answer = await load(0, PAGE, turning.signal);
      if (turning.signal.aborted) return;
      this.turned(new Map([[0, answer.body.results]]));
      this.take(answer);
    } catch (error) {
      if (turning.signal.aborted) return;
      this.turned(new Map());
      this.count = null;
      this.fail(error);
    }
  }

  // Resolves when the rows of the list requested last are loaded or have failed to load.
  async settled() {
    while (this.turning || (this.count === null && !this.error)) {
      await new Promise((resolve) => {
        for (const type of ["change", "fail"]) this.addEventListener(type, resolve, { once: true });
      });
    }
  }

  turned(pages) {
    this.turning = null;
    this.freshSince = Infinity;
    this.pages = pages;
    this.dispatchEvent(new Event("turn"));
  }

  stop() {
    this.turning?.abort();
    this.turning = null;
    for (const abort of this.underWay.values()) abort.abort();
  }

  isFresh(row) {
    return Date.parse(row.added_at) > this.freshSince;
  }

  async fetch(page) {
    const abort = new AbortController();
    this.underWay.set(page, abort);
    try {
      const answer = await this.load(page * PAGE, PAGE, abort.signal);
      if (abort.signal.aborted) return;
      this.pages.set(page, answer.body.results);
      this.take(answer);
    } catch (error) {
      if (error.name !== "AbortError") this.fail(error);
    } finally {
      if (this.underWay.get(page) === abort) this.underWay.delete(page);
    }
  }

  take({ body, at }) {
    this.count = body.count;
    this.loadedAt = at;
    this.error = null;
    this.dispatchEvent(new Event("change"));
  }

  fail(error) {
    this.error = error;
    this.dispatchEvent(new Event("fail"));
  }

  // Drop pages far from the visible ones, so that scrolling through a long list does not keep all
  // of it.
  forget(from, to) {
    const isNear = (page) => page >= from - KEPT_PAGES / 2 && page <= to + KEPT_PAGES / 2;
    if (this.pages.size <= KEPT_PAGES) return;
    for (const page of this.pages.keys()) if (!isNear(page)) this.pages.delete(page);
  }
}

const range = (first, last) => Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
