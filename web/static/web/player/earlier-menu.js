// The menu of earlier queues, from which the user brings one back.

import { showMenu } from "./menu.js";
import { filled, gettext, ngettext } from "./translation.js";
import { counted, moment, number } from "./words.js";

const MOST_TITLES = 3;

export const showEarlierQueues = async ({ kept, sync, known }, at) => {
  await sync.push(); // the queue that was replaced a moment ago is among them then
  const found = await kept.earlier.list();
  const items = found.map((each) => ({ label: nameOf(each), note: noteOf(each, known), run: () => kept.bringBack(each) }));
  if (!items.length) items.push({ label: gettext("None is kept any more") });
  showMenu(gettext("Earlier queues"), items, at);
};

// "So What and 11 more": the track that was current, and how many others there are.
const nameOf = ({ queue, title, count = queue.ids.length }) => {
  const others = count - 1;
  if (!title) return counted(count, "track");
  return others ? filled(ngettext("%(title)s and %(others)s more", "%(title)s and %(others)s more", others), { title, others: number(others) }) : title;
};

// "5 May 2026, 14:05 · So What, Blue in Green, All Blues, …"
const noteOf = ({ queue, firstTitles, count = queue.ids.length, at }, known) => {
  const titles = firstTitles ?? queue.ids.slice(0, MOST_TITLES).map((id) => known.get(id)?.title).filter(Boolean);
  const shown = [...titles, ...(count > titles.length && titles.length ? ["…"] : [])].join(", ");
  return [moment(at), shown].filter(Boolean).join(" · ");
};
