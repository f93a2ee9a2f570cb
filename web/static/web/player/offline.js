// A thin line at the top while the server is away, once that has lasted two seconds; and a look,
// again and again, whether it is back.

import { contact, get } from "./api.js";

const PATIENCE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
const SPREAD_MS = 500;

// `live`: the stream of events, which is the first to know where nobody asks for anything.
export const watchContact = (line, live) => {
  let showing;
  let looking;
  const ask = () => get("player/state").catch(() => null); // whoever is interested hears of it
  live.addEventListener("closed", () => contact.isAway || setTimeout(ask, Math.random() * SPREAD_MS));
  const look = (pause) => {
    looking = setTimeout(async () => {
      await ask();
      if (contact.isAway) look(Math.min(pause * 2, LONGEST_PAUSE_MS));
    }, pause * (0.5 + Math.random()));
  };
  contact.addEventListener("away", () => {
    showing = setTimeout(() => (line.hidden = false), PATIENCE_MS);
    look(PATIENCE_MS);
  });
  contact.addEventListener("back", () => {
    clearTimeout(showing);
    clearTimeout(looking);
    line.hidden = true;
  });
};
