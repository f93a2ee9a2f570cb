// How long the rest of a queue plays. It needs no page.

const MOST_READ = 300;

// The ids of the entries after the current one whose lengths are to be known.
export const idsToCome = ({ entries, position }) => entries.slice(position + 1, position + 1 + MOST_READ).map(({ id }) => id);

// `{ seconds, isAbout }`: what is left of the current track and of those after it. Of a long queue the
// first tracks are known, and the others are taken to be as long. Null if these are not known yet.
// `lengthOf(id)`: in seconds; undefined if it is not known yet. `currentLeft`: of the current track.
export const timeLeft = (queue, lengthOf, currentLeft) => {
  const lengths = idsToCome(queue).map(lengthOf);
  if (lengths.includes(undefined)) return null;
  const count = Math.max(0, queue.entries.length - queue.position - 1);
  const known = lengths.reduce((sum, each) => sum + each, 0);
  const isAbout = count > lengths.length;
  return { seconds: currentLeft + (isAbout ? (known / lengths.length) * count : known), isAbout };
};
