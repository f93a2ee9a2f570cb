// What albums and tracks are grouped by: artists, genres, composers, labels, years and decades. Each kind has
// a place with all of them, and one for each of them.

import { element } from "../element.js";
import { addressOf } from "../router.js";
import { gettext } from "../translation.js";
import { OPINION_SORTS } from "./opinion-filter.js";

const OF_PEOPLE = { name: gettext("Name"), ...OPINION_SORTS };
const BY_COUNT = { "-tracks": gettext("Most tracks"), "-albums": gettext("Most albums") };

// Genres, labels and years are not among the changes that the API names; they change with these.
const BY_TAGS = ["track", "album"];

// By the name of the place, which is that of the API's list too. `filter`: the parameter of the lists
// of tracks and albums. `sorts`: the orders to choose from, the default first. `isPerson`: they are
// artists, who may have pictures. `shows`: they change with rows of these kinds.
export const KINDS = {
  artists: { title: gettext("Artists"), noun: "artist", filter: "artist", sorts: OF_PEOPLE, isPerson: true, shows: ["artist"] },
  genres: { title: gettext("Genres"), noun: "genre", filter: "genre_id", sorts: { name: gettext("Name"), ...BY_COUNT }, shows: BY_TAGS },
  composers: { title: gettext("Composers"), noun: "composer", filter: "composer", sorts: OF_PEOPLE, isPerson: true, shows: ["artist", "track"] },
  labels: { title: gettext("Labels"), noun: "label", filter: "label", sorts: { name: gettext("Name"), ...BY_COUNT }, shows: BY_TAGS },
  decades: { title: gettext("Decades"), noun: "decade", filter: "year", sorts: { "-name": gettext("Newest first"), name: gettext("Oldest first"), ...BY_COUNT }, shows: BY_TAGS },
  years: { title: gettext("Years"), noun: "year", filter: "year", sorts: { "-name": gettext("Newest first"), name: gettext("Oldest first"), ...BY_COUNT }, shows: BY_TAGS },
};

// The kinds that share one link of the navigation.
export const BROWSED = ["artists", "genres", "composers", "labels", "decades", "years"];

const YEARS_OF_DECADE = 10;

// The filter of the lists of tracks, albums and artists for what belongs to this group.
export const filterOf = (view, id) => ({ [KINDS[view].filter]: view === "decades" ? `${id}-${id + YEARS_OF_DECADE - 1}` : id });

// Links to the places that share a link of the navigation. On a phone tracks and albums share it, too.
export const kindsNav = (view) => {
  const link = (each, title, name = "") => element("a", { class: name, href: addressOf(each), "aria-current": each === view && "page" }, title);
  return element(
    "nav",
    { class: view === "tracks" || view === "albums" ? "kinds for-phone" : "kinds", "aria-label": gettext("Browse by") },
    link("tracks", gettext("Tracks"), "for-phone"),
    link("albums", gettext("Albums"), "for-phone"),
    ...BROWSED.map((each) => link(each, KINDS[each].title)),
    link("folders", gettext("Folders")),
    link("radio", gettext("Radio")),
  );
};
