// Shows a line at the top when the server has been away for two seconds, and polls until it is
// back. While it is away, lists show what is kept offline, and the line says so.

import { contact, get } from "./api.js";
import { keptIndex } from "./kept-index.js";
import { tracksInWords } from "./offline-words.js";
import { filled, gettext } from "./translation.js";

const PATIENCE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
const SPREAD_MS = 500;

// `live`: the event stream. If the page makes no other requests, the stream is the first to fail.
// `views`: the Views, whose lists are loaded anew when the server is back.
export const watchContact = (line, live, views) => {
  let showing;
  let polling;
  const words = line.querySelector("span");
  const withoutKept = words.textContent;
  const probe = () => get("player/state").catch(() => null); // `get` updates `contact`
  live.addEventListener("closed", () => contact.isAway || setTimeout(probe, Math.random() * SPREAD_MS));
  const pollAfter = (pause) => {
    polling = setTimeout(async () => {
      await probe();
      if (contact.isAway) pollAfter(Math.min(pause * 2, LONGEST_PAUSE_MS));
    }, pause * (0.5 + Math.random()));
  };
  const show = () => {
    const count = keptIndex.tracks.size;
    const text = gettext("The server does not answer. Lists and the search show what is kept here: %(tracks)s. mus reconnects by itself.");
    words.textContent = count ? filled(text, { tracks: tracksInWords(count) }) : withoutKept;
    line.querySelector("a").hidden = !count;
    line.hidden = false;
  };
  contact.addEventListener("away", () => {
    showing = setTimeout(show, PATIENCE_MS);
    pollAfter(PATIENCE_MS);
  });
  contact.addEventListener("back", () => {
    clearTimeout(showing);
    clearTimeout(polling);
    line.hidden = true;
    if (contact.hasStoodIn) views.refresh().catch(() => null);
    contact.hasStoodIn = false;
  });
};
