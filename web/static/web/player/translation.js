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

// The language of dates: that of the page. In English they look as people write them where the browser's
// language is spoken, and have English words also there; undefined: as the browser writes them itself.
export const dateLanguageOf = (page, browser) => {
  if (page !== "en") return page;
  try {
    const { language, region } = new Intl.Locale(browser).maximize();
    return language === "en" ? undefined : `en-${region}`;
  } catch {
    return undefined; // some systems name a language that is none
  }
};

// The language of the page, for numbers and dates.
const pageLanguage = globalThis.document?.documentElement?.lang || "en";
export const numberLanguage = pageLanguage;
export const dateLanguage = dateLanguageOf(pageLanguage, globalThis.navigator?.language);

// A formatter of Intl. Making one takes some ten milliseconds, so it is made when it is used first.
export const formatter = (Kind, language, options) => {
  let made = null;
  return { format: (...values) => (made ??= new Kind(language, options)).format(...values) };
};
