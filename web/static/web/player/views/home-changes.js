// What the last scans changed, a line for each day: in words, and with covers of the new albums.

import { makeCover, showCover } from "../cover.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { dateLanguage, formatter, gettext } from "../translation.js";
import { albumTitle, changesOf, dayAndMonth } from "../words.js";
import { linkTo, makeSection } from "./home-shelves.js";

const COVER_PX = 48;
const DAY_MS = 86_400_000;

const weekdays = formatter(Intl.DateTimeFormat, dateLanguage, { weekday: "long" });
const nearDays = formatter(Intl.RelativeTimeFormat, dateLanguage, { numeric: "auto" });

// "today", "yesterday", "Tuesday", "Tuesday 3 March". `day`: as 2026-03-03.
const nameOf = (day) => {
  const at = new Date(`${day}T12:00`);
  const ago = Math.round((new Date().setHours(12, 0, 0, 0) - at) / DAY_MS);
  if (ago < 2) return nearDays.format(-ago, "day");
  return ago < 7 ? weekdays.format(at) : dayAndMonth(at);
};

export class ChangesShelf {
  constructor({ isStaff }) {
    const title = gettext("What scans changed");
    this.list = element("ul", { class: "home-changes", role: "list", "aria-label": title });
    const all = isStaff ? linkTo(addressOf("scans"), gettext("All scans")) : linkTo(addressOf("tracks", null, { sort: "-added" }), gettext("Newest tracks"));
    this.element = makeSection(title, this.list, all);
  }

  show(days) {
    const shown = JSON.stringify(days);
    if (shown !== this.shown) this.list.replaceChildren(...days.map(lineOf));
    this.shown = shown;
    this.element.hidden = !days.length;
  }
}

const lineOf = (changes) => {
  const covers = changes.new_albums.map((album) => coverLink(album, changes.day));
  return element(
    "li",
    {},
    element("p", {}, element("strong", {}, nameOf(changes.day)), " ", element("span", {}, changesOf(changes))),
    covers.length ? element("span", { class: "home-covers" }, ...covers) : null,
  );
};

const coverLink = (album, day) => {
  const title = albumTitle(album.title);
  const cover = makeCover(COVER_PX);
  showCover(cover, { trackId: album.cover_track_id, coverId: album.cover_id, name: title }, COVER_PX);
  return element("a", { href: addressOf("albums", album.id), "aria-label": title, title, "data-item": `changes ${day} ${album.id}` }, cover);
};
