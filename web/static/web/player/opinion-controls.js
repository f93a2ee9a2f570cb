// The heart and the stars of a track, an album or an artist.

import { element, icon, setIcon } from "./element.js";
import { MOST_STARS, starsWords } from "./opinion-acts.js";
import { filled, gettext } from "./translation.js";

// `more`: further attributes, such as `tabindex` where a list has keys of its own.
export const makeHeart = (more = {}) =>
  element("button", { type: "button", class: "icon-button heart", "data-does": "favourite", "aria-pressed": "false", ...more }, icon("heart"));

export const showHeart = (heart, isFavourite, name) => {
  const label = filled(gettext("Favourite: %(name)s"), { name });
  setIcon(heart.firstElementChild, isFavourite ? "heartFull" : "heart");
  if (heart.getAttribute("aria-label") !== label) heart.setAttribute("aria-label", label);
  heart.setAttribute("aria-pressed", isFavourite);
  heart.title = isFavourite ? gettext("Remove from favourites (F)") : gettext("Add to favourites (F)");
};

// A click on a star gives so many; Enter, Space and a finger open a menu instead, since five targets
// in a row are too small for fingers, and too many for the Tab key.
export const makeStars = (more = {}) =>
  element(
    "button",
    { type: "button", class: "stars", "data-does": "rate", "aria-haspopup": "menu", ...more },
    ...Array.from({ length: MOST_STARS }, () => icon("star")),
  );

export const showStars = (button, stars, name) => {
  const label = filled(gettext("Rate %(name)s: %(stars)s"), { name, stars: starsWords(stars) });
  if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
  if (button.dataset.stars !== String(stars)) button.dataset.stars = stars;
  button.title = stars ? filled(gettext("%(stars)s (keys 1 to 5)"), { stars: starsWords(stars) }) : gettext("Rate (keys 1 to 5)");
};

// The number of stars that a click gives; null if it opens the menu.
export const starsOfClick = (event) => {
  const star = event.target.closest(".stars > .icon");
  if (!star || event.detail === 0 || event.pointerType === "touch") return null;
  return [...star.parentElement.children].indexOf(star) + 1;
};

// Elements with `data-opinion` hold the heart, and maybe the stars, of one thing: a tile, a row of an
// artist, the head of a page, the player bar. They are kept up to date, and clicks on them are heard,
// in one place, since they come and go with what the page shows.

let acts = null;

export const followOpinions = (opinionActs) => {
  acts = opinionActs;
  acts.opinions.addEventListener("change", () => document.querySelectorAll("[data-opinion]").forEach(show));
  document.addEventListener("click", click);
};

// The thing that an element shows, as OpinionActs takes it.
export const thingsOf = ({ dataset }) => ({ kind: dataset.opinion, ids: [Number(dataset.id)], name: dataset.name });

// Have `holder`, which has a heart in it, show that of this thing. `kind`: "tracks", "albums" or
// "artists".
export const mark = (holder, kind, id, name) => {
  Object.assign(holder.dataset, { opinion: kind, id, name });
  show(holder);
};

// The list of the API shows nothing (any more) in this element.
export const unmark = (holder) => {
  for (const name of ["opinion", "id", "name"]) delete holder.dataset[name];
  holder.classList.remove("is-favourite");
};

// Stars and heart of one thing.
export const opinionsOf = (kind, id, name) => {
  const holder = element("span", { class: "opinions" }, makeStars(), makeHeart());
  if (id) mark(holder, kind, id, name);
  return holder;
};

const show = (holder) => {
  if (!acts) return;
  const { kind, ids, name } = thingsOf(holder);
  const { opinions } = acts;
  const isFavourite = opinions.isFavourite(kind, ids[0]);
  holder.classList.toggle("is-favourite", isFavourite);
  const [heart, stars] = [holder.querySelector(".heart"), holder.querySelector(".stars")];
  if (heart) showHeart(heart, isFavourite, name);
  if (stars) showStars(stars, opinions.stars(kind, ids[0]), name);
};

const click = (event) => {
  const button = event.target.closest(".heart, .stars");
  const holder = button?.closest("[data-opinion]");
  if (!holder) return;
  const things = thingsOf(holder);
  const stars = starsOfClick(event);
  if (button.matches(".heart")) acts.toggleFavourite(things);
  else if (stars) acts.rate(things, stars);
  else acts.openRating(() => things, button);
};
