// What albums and tracks are grouped by: artists, genres, composers, labels and years. Each kind has
// a place with all of them, and one for each of them.

const BY_COUNT = { "-tracks": "Most tracks", "-albums": "Most albums" };

// By the name of the place, which is that of the API's list too. `filter`: the parameter of the lists
// of tracks and albums. `sorts`: the orders to choose from, the default first. `isPerson`: they are
// artists, who may have pictures.
export const KINDS = {
  artists: { title: "Artists", noun: "artist", filter: "artist", sorts: {}, isPerson: true },
  genres: { title: "Genres", noun: "genre", filter: "genre_id", sorts: { name: "Name", ...BY_COUNT } },
  composers: { title: "Composers", noun: "composer", filter: "composer", sorts: {}, isPerson: true },
  labels: { title: "Labels", noun: "label", filter: "label", sorts: { name: "Name", ...BY_COUNT } },
  years: { title: "Years", noun: "year", filter: "year", sorts: { "-name": "Newest first", name: "Oldest first", ...BY_COUNT } },
};

// The kinds that share one link of the navigation.
export const BROWSED = ["artists", "genres", "composers", "labels", "years"];
