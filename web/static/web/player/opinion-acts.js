// What users do with favourites and ratings, each with a message that says what was done.

import { showMenu } from "./menu.js";
import { filled, gettext, ngettext } from "./translation.js";
import { counted, oneOf } from "./words.js";

export const MOST_STARS = 5;
const NOUNS = { tracks: "track", albums: "album", artists: "artist", folders: "folder" };

export const starsWords = (stars) => (stars ? counted(stars, "star") : gettext("no rating"));

// `things` are `{ kind, ids, name }`: the kind in the plural; `name` is that of a single one.
export class OpinionActs {
  constructor(opinions, toasts) {
    Object.assign(this, { opinions, toasts });
    opinions.addEventListener("refused", ({ detail }) => toasts.show(detail, "error"));
  }

  areFavourites({ kind, ids }) {
    return ids.length > 0 && ids.every((id) => this.opinions.isFavourite(kind, id));
  }

  // All become favourites; if all are already, none is any more.
  toggleFavourite(things) {
    this.setFavourite(things, !this.areFavourites(things));
  }

  setFavourite(things, isWanted) {
    const { kind, ids } = things;
    const { opinions } = this;
    const changed = ids.filter((id) => opinions.isFavourite(kind, id) !== isWanted);
    if (!changed.length) return;
    opinions.setFavourite(kind, changed, isWanted);
    const one = isWanted ? gettext("%(what)s is a favourite.") : gettext("%(what)s is no favourite any more.");
    const several = isWanted ? gettext("%(what)s are favourites.") : gettext("%(what)s are no favourites any more.");
    const undo = () => opinions.setFavourite(kind, changed, !isWanted);
    this.say(things, changed.length, changed.length === 1 ? one : several, isWanted && changed.length === 1 ? null : undo);
  }

  // All get so many stars; if all have these already, none has any rating any more.
  rate(things, stars) {
    const { kind, ids } = things;
    if (!ids.length) return;
    const { opinions } = this;
    const isTakenAway = stars && ids.every((id) => opinions.stars(kind, id) === stars);
    const wanted = isTakenAway ? 0 : stars;
    const before = ids.map((id) => [id, opinions.stars(kind, id)]).filter(([, had]) => had !== wanted);
    if (!before.length) return;
    opinions.setStars(kind, before.map(([id]) => id), wanted);
    const isAnythingLost = before.length > 1 || before.some(([, had]) => had);
    const undo = isAnythingLost ? () => opinions.setEachStars(kind, before) : null;
    const text = ngettext("%(what)s has %(stars)s.", "%(what)s have %(stars)s.", before.length);
    this.say(things, before.length, text, undo, { stars: starsWords(wanted) });
  }

  say({ kind, ids, name }, count, text, undo, more = {}) {
    const isOne = ids.length === 1;
    const own = name ? filled(gettext("“%(name)s”"), { name }) : filled(gettext("This %(thing)s"), { thing: oneOf(NOUNS[kind]) });
    const later = this.opinions.isWaiting ? gettext("The server does not answer: it is told as soon as it does.") : "";
    const said = filled(text, { ...more, what: isOne ? own : counted(count, NOUNS[kind]) });
    this.shown?.remove();
    this.shown = this.toasts.show([said, later].filter(Boolean).join(" "), "success", undo);
  }

  // Entries of a menu. `things()` returns the things, or a promise of them. `isFavourite`: of a single
  // one; several have entries for both.
  entries(things, at, isFavourite = null) {
    const set = (isWanted) => async () => this.setFavourite(await things(), isWanted);
    return [
      isFavourite !== true && { label: gettext("Add to favourites"), run: set(true) },
      isFavourite !== false && { label: gettext("Remove from favourites"), run: set(false) },
      { label: gettext("Rate…"), run: () => this.openRating(things, at) },
    ];
  }

  // For one thing whose stars are known, or for several.
  async openRating(things, at) {
    const { kind, ids, name } = await things();
    if (!ids.length) return;
    const stars = ids.length === 1 ? this.opinions.stars(kind, ids[0]) : null;
    const rate = (given) => this.rate({ kind, ids, name }, given);
    const choices = Array.from({ length: MOST_STARS }, (_, less) => MOST_STARS - less).map((given) => ({
      label: `${"★".repeat(given)} ${starsWords(given)}`,
      isChosen: stars === null ? undefined : given === stars,
      run: () => given !== stars && rate(given),
    }));
    const none = { label: gettext("No rating"), isChosen: stars === null ? undefined : stars === 0, run: () => rate(0) };
    showMenu(filled(gettext("Rate %(name)s"), { name: name || counted(ids.length, NOUNS[kind]) }), [...choices, none], at);
  }
}
