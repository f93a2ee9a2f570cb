// The rows of an album's page: its tracks, with headings for discs and for works.

import { filled, gettext } from "../translation.js";
import { groupedByWork } from "./works.js";

const BONUS_DISC = 99;

// `tracks` in their order, `titles`: those of discs by their number. A heading has `heading`, `level`
// and `duration_s`; that of a work also has `under`, the composer.
export const rowsOf = (tracks, titles) => {
  const discs = byDisc(tracks);
  const hasDiscs = discs.length > 1 || Object.keys(titles).length > 0;
  return discs.flatMap(({ disc, tracks: ofDisc }) => [
    ...(hasDiscs ? [{ heading: nameOf(disc, titles[disc]), level: 2, duration_s: total(ofDisc) }] : []),
    ...groupedByWork(ofDisc).flatMap((group) => rowsOfGroup(group, hasDiscs ? 3 : 2)),
  ]);
};

const rowsOfGroup = ({ work, composer, parts }, level) => {
  if (!work) return parts.map(({ track }) => track);
  const duration_s = total(parts.map(({ track }) => track));
  return [{ heading: work, under: composer, isWork: true, level, duration_s }, ...parts.map(({ track, title }) => ({ ...track, shownTitle: title }))];
};

// A bonus disc without a number of its own has the last one.
const nameOf = (disc, title) => {
  if (disc === BONUS_DISC && title) return title;
  return filled(title ? gettext("Disc %(disc)s: %(title)s") : gettext("Disc %(disc)s"), { disc, title });
};

const byDisc = (tracks) => {
  const discs = [];
  for (const track of tracks) {
    const disc = track.disc_number ?? 1;
    if (discs.at(-1)?.disc === disc) discs.at(-1).tracks.push(track);
    else discs.push({ disc, tracks: [track] });
  }
  return discs;
};

const total = (tracks) => tracks.reduce((sum, { duration_s }) => sum + duration_s, 0);
