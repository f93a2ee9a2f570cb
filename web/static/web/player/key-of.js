// Which key was pressed, on keyboards of any script.

const MEANT = "+=-/?"; // Czech keyboards write + with the key of the 1

// The character of a key in lower case. On a keyboard without Latin letters, the Latin letter that
// the key has on a Latin keyboard.
export const keyOf = ({ key, code, shiftKey }) => {
  if (key.length !== 1) return key;
  const isLatin = key.codePointAt(0) < 0x250;
  if (!shiftKey && /^Digit[1-5]$/.test(code) && !MEANT.includes(key)) return code.at(-1); // French keyboards write digits with Shift
  return !isLatin && code.startsWith("Key") ? code.slice(3).toLowerCase() : key.toLowerCase();
};
