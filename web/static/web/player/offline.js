// Shows a line at the top when the server has been away for two seconds, and polls until it is
// back.

import { contact, get } from "./api.js";

const PATIENCE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
const SPREAD_MS = 500;

// `live`: the event stream. If the page makes no other requests, the stream is the first to fail.
export const watchContact = (line, live) => {
  let showing;
  let polling;
  const probe = () => get("player/state").catch(() => null); // `get` updates `contact`
  live.addEventListener("closed", () => contact.isAway || setTimeout(probe, Math.random() * SPREAD_MS));
  const pollAfter = (pause) => {
    polling = setTimeout(async () => {
      await probe();
      if (contact.isAway) pollAfter(Math.min(pause * 2, LONGEST_PAUSE_MS));
    }, pause * (0.5 + Math.random()));
  };
  contact.addEventListener("away", () => {
    showing = setTimeout(() => (line.hidden = false), PATIENCE_MS);
    pollAfter(PATIENCE_MS);
  });
  contact.addEventListener("back", () => {
    clearTimeout(showing);
    clearTimeout(polling);
    line.hidden = true;
  });
};
