// Made by `make messages` of web/locale/de/LC_MESSAGES/djangojs.po.
globalThis.django = (() => {
  const texts = {};
  const form = (n) => Number((n != 1));
  return {
    gettext: (text) => texts[text] ?? text,
    ngettext: (one, many, n) => texts[one]?.[form(n)] ?? (n === 1 ? one : many),
  };
})();
