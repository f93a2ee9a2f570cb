// Which line of synced lyrics is sung at a time. It needs no page.

// The index of the line that is sung at second `at`; -1 before the first one. `lines`: in the order of
// their `start_s`. Of several lines with one time it is the last one, or the last with a text.
export const lineAt = (lines, at) => {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle].start_s <= at) low = middle + 1;
    else high = middle;
  }
  let found = low - 1;
  while (found > 0 && !lines[found].text && lines[found - 1].start_s === lines[found].start_s) found -= 1;
  return found;
};
