// A thin line at the top while the server is away, once that has lasted two seconds; and a look,
// again and again, whether it is back.

import { contact, get } from "./api.js";

const PATIENCE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;

export const watchContact = (line) => {
  let showing;
  let looking;
  const look = (pause) => {
    looking = setTimeout(async () => {
      await get("player/state").catch(() => null);
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
