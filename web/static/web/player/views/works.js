// Finds the works among the tracks of an album of classical music: tracks in a row that are parts of
// one work. Other albums are left as they are, whatever their titles look like.

const CLASSICAL = /\b(?:classical|baroque|opera|operetta|oratorio|symphon(?:y|ic|ies)|chamber|concerto|choral|orchestral|klassik|klassische|classique|clásica|classica|klassiek|klasyczna)\b|クラシック|классическ|古典/iu;
const OTHERWISE = /metal|rock|pop|punk|electronic|hip.?hop|jazz|ambient|darkwave/iu;

// What a movement begins with: "I.", "2.", "No. 3", "Act 1", "Variation 4"
const MARK = "(?:[IVXLC]{1,7}[.:)]|[0-9]{1,3}[.)]|(?:No|Nr|N°|Nº)\\.? ?[0-9]|(?:Act|Akt|Acte|Atto|Scene|Szene|Scène|Scena|Variation|Variatio|Var\\.) ?[IVXLC0-9]|Aria\\b)";
const BEGINS_WITH_MARK = new RegExp(`^${MARK}`, "u");
const WORK_AND_MOVEMENT = new RegExp(`^(.+?)(?::| [-–—]) +(${MARK}.*)$`, "u");
const BEFORE_WORK = /^$|: $/u;
const SEPARATOR = /^\s*[:,–—-]\s*(?=\S)/u;
const ROMAN = [
  [50, "L"],
  [40, "XL"],
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
];

// The tracks in groups `{ work, composer, parts }`, where a part is `{ track, title }` with the title
// as it is shown. A group without a work has one part.
export const groupedByWork = (tracks) => {
  const groups = [];
  for (const track of tracks) {
    const part = partOf(track);
    const last = groups.at(-1);
    if (part && last?.key === part.key) last.parts.push(part);
    else groups.push({ key: part?.key, work: part?.work, composer: track.composer, parts: [part ?? { track, title: track.title }] });
  }
  return groups.flatMap((group) => (isShown(group) ? [group] : apart(group)));
};

// A single part whose title names the work needs no heading.
const isShown = ({ work, parts }) => Boolean(work) && (parts.length > 1 || !parts[0].isNamed);

const apart = ({ parts }) => parts.map(({ track }) => ({ work: "", composer: "", parts: [{ track, title: track.title }] }));

const partOf = (track) => {
  const found = track.work ? partOfTaggedWork(track) : partByTitle(track);
  return found && { ...found, track, key: `${found.work.toLowerCase()}\n${track.composer}` };
};

// A work is also named by the tags of some popular music: the composition, of which the track is the
// whole. A part of a work is told by a movement, by the title, or by the genre.
const partOfTaggedWork = (track) => {
  const { work, title, movement } = track;
  const rest = withoutWork(title, work);
  const isPart = movement || track.movement_number || rest !== null || (isClassical(track) && title !== work);
  return isPart ? { work, title: movement ? numbered(track) : (rest ?? title), isNamed: rest !== null || !movement } : null;
};

// Without a composer's name or a classical genre, "Part 1: The Beginning" is just a title.
const partByTitle = (track) => {
  const { composer, artist, genres, title } = track;
  const isLikely = isClassical(track) || (composer && !genres.length && composer !== artist);
  const found = isLikely ? WORK_AND_MOVEMENT.exec(title) : null;
  return found && { work: found[1], title: found[2], isNamed: true };
};

const isClassical = ({ genres }) => genres.some((genre) => CLASSICAL.test(genre) && !OTHERWISE.test(genre));

// The title after the work's name, before which it may have the composer's ("Mahler: Symphony No. 1:
// II. Kräftig bewegt"); null if the title does not have it so.
const withoutWork = (title, work) => {
  const at = title.toLowerCase().indexOf(work.toLowerCase());
  if (at < 0 || !BEFORE_WORK.test(title.slice(0, at))) return null;
  const rest = title.slice(at + work.length);
  return SEPARATOR.test(rest) ? rest.replace(SEPARATOR, "") : null;
};

const numbered = ({ movement, movement_number: number }) =>
  number && !BEGINS_WITH_MARK.test(movement) ? `${roman(number)}. ${movement}` : movement;

const roman = (number) => {
  if (number >= 90) return String(number);
  let [text, rest] = ["", number];
  for (const [value, sign] of ROMAN) {
    while (rest >= value) {
      text += sign;
      rest -= value;
    }
  }
  return text;
};
