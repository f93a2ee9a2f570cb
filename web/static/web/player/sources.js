// What lists show, however long they are: rows are asked for by number and come when they come.

const PAGE = 100;
const KEPT_PAGES = 30;

// Rows that are all here.
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

// Rows of a list of the API, a page at a time. "change" is told when some have come, "fail" when
// they did not: `error` says why; "turn" when they are now those of another list.
export class PagedRows extends EventTarget {
  // `load(offset, limit, signal)` gives `{ body: { count, results }, at }`.
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

  // Have rows `first` to `last`, and the page after them in the direction of travel. What was asked
  // for and is no longer wanted is given up.
  want(first, last, direction = 1) {
    const hasFailed = this.error && this.count === null; // asking again is for people, or for `replace`
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

  // What `replace` will show: the rows from `first` to `last` as they are now, with the place of each
  // by its id.
  async lookAhead(first, last) {
    const numbers = range(Math.max(0, Math.floor(first / PAGE)), Math.floor(Math.max(0, first, last) / PAGE));
    const answers = await Promise.all(numbers.map((page) => this.load(page * PAGE, PAGE)));
    const places = new Map();
    answers.forEach(({ body }, index) => body.results.forEach(({ id }, row) => places.set(id, numbers[index] * PAGE + row)));
    return { pages: new Map(answers.map(({ body }, index) => [numbers[index], body.results])), places, answer: answers.at(-1) };
  }

  // All rows anew. Those that were added since they were last loaded are fresh.
  replace({ pages, answer }) {
    if (this.turning) return;
    this.stop();
    this.pages = pages;
    this.freshSince = this.loadedAt ?? Infinity;
    this.take(answer);
  }

  // Become another list, as soon as its first rows are here; until then the old ones stay.
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

  // Resolves as soon as the rows are those that were asked for last, or could not be loaded.
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

  // A long journey through the list must not keep all of it.
  forget(from, to) {
    const isNear = (page) => page >= from - KEPT_PAGES / 2 && page <= to + KEPT_PAGES / 2;
    if (this.pages.size <= KEPT_PAGES) return;
    for (const page of this.pages.keys()) if (!isNear(page)) this.pages.delete(page);
  }
}

const range = (first, last) => Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
