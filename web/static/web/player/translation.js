// Texts in the language of the page. Every text that people see goes through `gettext`, so that the
// catalogue of a language can be found by the English text. Without a catalogue the text stays English.

const catalogue = () => globalThis.django;

export const gettext = (text) => catalogue()?.gettext(text) ?? text;

// `one` or `many`, as the language wants it for `number`.
export const ngettext = (one, many, number) => catalogue()?.ngettext(one, many, number) ?? (number === 1 ? one : many);

// A text whose `%(name)s` are replaced: filled(gettext("Play %(title)s"), { title }).
export const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => isolated(String(values[name])));

// A name that is written from the right does not turn round the sentence in which it stands.
const isolated = (value) => (/[\u0590-\u08ff]/.test(value) ? `\u2068${value}\u2069` : value);

// The same with elements among the values: an array of strings and elements.
export const filledWith = (text, values) => text.split(/%\((\w+)\)s/).map((part, at) => (at % 2 ? values[part] : part));

// The language of the page, for numbers and dates. In English dates look as the browser's user is used to.
const pageLanguage = globalThis.document?.documentElement?.lang || "en";
export const numberLanguage = pageLanguage;
export const dateLanguage = pageLanguage === "en" ? undefined : pageLanguage;

// A formatter of Intl. Making one takes some ten milliseconds, so it is made when it is used first.
export const formatter = (Kind, language, options) => {
  let made = null;
  return { format: (...values) => (made ??= new Kind(language, options)).format(...values) };
};
