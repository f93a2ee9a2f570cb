// The view of the links that the user has made, by which people without a login hear some music.
// Administrators can see those of all.

import { get, send } from "../api.js";
import { element } from "../element.js";
import { copyLink, editShare, sendLink, sendsLinks } from "../share-dialog.js";
import { filled, gettext, ngettext } from "../translation.js";
import { date, moment, number } from "../words.js";
import { failure, message } from "./states.js";

const PORTION = 100;
const QUIET_MS = 3000; // visits come at any pace

export class SharesView {
  title = gettext("Shared links");

  constructor(page) {
    this.page = page;
    this.body = element("div", {});
    this.isOfAll = false;
    this.wanted = PORTION;
  }

  async begin() {
    const { page } = this;
    const toggle = element("button", { type: "button", "aria-pressed": "false", on: { click: () => this.turn(toggle) } }, gettext("Of everybody"));
    const actions = page.isStaff ? element("div", { class: "actions" }, toggle) : null;
    page.container.replaceChildren(element("div", { class: "heading" }, element("h1", {}, this.title), actions ?? ""), this.body);
    await this.load();
    page.loaded();
  }

  end() {
    clearTimeout(this.waiting);
  }

  get hasFailed() {
    return !this.shares;
  }

  concerns() {
    return false;
  }

  refresh() {
    return this.load();
  }

  // Links or visits to them have changed: shown at once, but not again within a few seconds.
  touched() {
    const wait = this.loadedAt + QUIET_MS - performance.now();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.load(), Math.max(0, wait));
  }

  turn(toggle) {
    this.isOfAll = !this.isOfAll;
    this.wanted = PORTION;
    toggle.setAttribute("aria-pressed", String(this.isOfAll));
    return this.load();
  }

  async load() {
    this.loadedAt = performance.now();
    try {
      const shares = [];
      for (let count = 1; shares.length < Math.min(this.wanted, count); ) {
        const { body } = await get(`shares?${new URLSearchParams({ all: this.isOfAll, limit: PORTION, offset: shares.length })}`);
        shares.push(...body.results);
        this.count = count = body.results.length ? body.count : shares.length;
      }
      this.shares = shares;
      this.show();
    } catch (error) {
      if (!this.shares) this.body.replaceChildren(failure(this.title, error, () => this.load()));
      else this.page.toasts.show(error.message, "error");
    }
  }

  show() {
    const hint = gettext("A track's menu, an album's page and a playlist's menu have “Share by a link…”.");
    const none = () => message(gettext("You have shared nothing by a link"), [element("p", {}, hint)]);
    const list = () => element("ul", { class: "shares" }, ...this.shares.map((share) => this.row(share)));
    const { scroller } = this.page;
    const { scrollTop } = scroller;
    const focused = this.body.contains(document.activeElement) && document.activeElement.dataset.name;
    this.body.replaceChildren(this.shares.length ? list() : none(), ...(this.count > this.shares.length ? [this.moreButton()] : []));
    scroller.scrollTop = scrollTop;
    if (focused) this.body.querySelector(`[data-name="${focused}"]`)?.focus({ preventScroll: true });
  }

  moreButton() {
    const more = () => {
      this.wanted += PORTION;
      return this.load();
    };
    return element("button", { type: "button", on: { click: more } }, gettext("Show more"));
  }

  row(share) {
    const title = share.title || itemsOf(share);
    const link = element("input", { readonly: true, "data-name": `link ${share.id}`, value: share.url, "aria-label": filled(gettext("Link to %(title)s"), { title }), on: { focus: ({ target }) => target.select() } });
    const button = (label, act) => element("button", { type: "button", class: "small", "data-name": `${label} ${share.id}`, "aria-label": `${label}: ${title}`, on: { click: act } }, label);
    const copy = async () => this.page.toasts.show(await copyLink(share.url, link), "success");
    return element(
      "li",
      { class: share.state === "open" ? "" : "is-over" },
      element(
        "div",
        { class: "share-text" },
        element("h2", { dir: "auto" }, title),
        element("p", { class: "count" }, ...factsOf(share, this.isOfAll).flatMap((fact, at) => [...(at ? [" · "] : []), element("span", { class: "unbroken" }, fact)])),
      ),
      link,
      element(
        "div",
        { class: "actions" },
        sendsLinks() ? button(gettext("Send…"), () => sendLink(share.url, title)) : null,
        button(gettext("Copy the link"), copy),
        button(gettext("Change…"), () => editShare(share, () => this.load())),
        button(gettext("Delete"), () => this.remove(share, title)),
      ),
    );
  }

  async remove(share, title) {
    await send("DELETE", `shares/${share.id}`);
    await this.load();
    const undo = async () => {
      await send("POST", `shares/${share.id}/restore`);
      await this.load();
    };
    this.page.toasts.show(filled(gettext("The link to “%(title)s” was deleted and opens nothing any more."), { title }), "success", undo);
  }
}

const itemsOf = ({ items, item_count: count }) => {
  const names = items.map(({ name }) => name).filter(Boolean).join(", ") || gettext("Shared music");
  return count > items.length ? filled(gettext("%(names)s and %(count)s more"), { names, count: number(count - items.length) }) : names;
};

const factsOf = (share, isOfAll) => {
  const { title, items, state, owner, expires_at: end, visit_limit: limit, visit_count: visits, last_visited_at: last, allows_download: isLoadable } = share;
  const kinds = { album: gettext("Album"), playlist: gettext("Playlist"), track: gettext("Track"), lost: gettext("Not in the library any more") };
  const what = share.item_count > 1 ? title && itemsOf(share) : kinds[items[0]?.kind];
  const words = limit ? gettext("%(visits)s of %(limit)s visits") : ngettext("%(visits)s visit", "%(visits)s visits", visits);
  return [
    isOfAll && filled(gettext("By %(owner)s"), { owner }),
    what,
    filled(words, { visits: number(visits), limit: limit && number(limit) }),
    last && filled(gettext("last on %(moment)s"), { moment: moment(last) }),
    endOf(state, end),
    isLoadable && gettext("with downloads"),
  ].filter(Boolean);
};

const endOf = (state, end) => {
  if (state === "used_up") return gettext("used up");
  if (!end) return gettext("no end");
  return filled(state === "ended" ? gettext("ended on %(day)s") : gettext("ends on %(day)s"), { day: date(end) });
};
