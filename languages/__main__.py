"""Brings all catalogues up to date, and says what is not translated yet."""

import sys

from languages.catalogues import DOMAINS, LANGUAGES, compiled, read, updated, write, write_script


def main() -> int:
    untranslated = 0
    for language in LANGUAGES:
        for domain in DOMAINS:
            catalogue = updated(read(language, domain), domain)
            write(catalogue, language, domain)
            missing = [each for each in catalogue if each.id and not compiled(each)]
            untranslated += len(missing)
            for each in missing:
                print(f"{language}, {domain}: not translated: {each.id!r}")
        write_script(read(language, "djangojs"), language)
    return 1 if untranslated else 0


sys.exit(main())
