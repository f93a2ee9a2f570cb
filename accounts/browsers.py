"""Names the browser and the system of a User-Agent header, so that people recognise a login or a
device."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

Names = Sequence[tuple[str, re.Pattern[str]]]


def _names(**patterns: str) -> Names:
    return [(name.replace("_", " "), re.compile(pattern)) for name, pattern in patterns.items()]


_BROWSERS = _names(
    Edge=r"\bEdg(?:e|A|iOS)?/",
    Opera=r"\b(?:OPR|Opera)/",
    Vivaldi=r"\bVivaldi/",
    Samsung_Internet=r"\bSamsungBrowser/",
    Firefox=r"\b(?:Firefox|FxiOS)/",
    Chrome=r"\b(?:Headless)?Chrom(?:e|ium)/|\bCriOS/",
    Safari=r"\bVersion/.+\bSafari/",
)
"""In this order: most browsers also name those that they want to be taken for."""
_SYSTEMS = _names(
    Android=r"\bAndroid\b",
    iPhone=r"\biPhone\b",
    iPad=r"\biPad\b",
    ChromeOS=r"\bCrOS\b",
    Windows=r"\bWindows\b",
    macOS=r"\bMac(?: OS X|intosh)",
    Linux=r"\bLinux\b|\bX11\b",
)


def browser_and_system(user_agent: str) -> tuple[str, str]:
    """The names of both, such as "Firefox" and "Windows"; empty for what is not known."""
    return _found(_BROWSERS, user_agent), _found(_SYSTEMS, user_agent)


def described(user_agent: str) -> str:
    """Such as "Firefox on Windows". What is no known browser is described by its own first word,
    such as "curl/8.5.0"."""
    browser, system = browser_and_system(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    words = user_agent.split()
    return browser or system or (words[0] if words else _("An unknown browser"))


def _found(names: Names, user_agent: str) -> str:
    return next((name for name, pattern in names if pattern.search(user_agent)), "")
