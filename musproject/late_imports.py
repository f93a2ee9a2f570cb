"""Modules that are loaded when they are first used, if ever."""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


def load_when_used(name: str) -> None:
    """Make `import name` cost nothing until something in that module is asked for.

    importlib's own LazyLoader loads a module as soon as a second one imports it. Only for what
    others import whole: `from name import something` asks at once.
    """
    if name not in sys.modules:
        sys.modules[name] = _Awaited(name)


class _Awaited(ModuleType):
    """Stands for a module; whoever imported it keeps this, so it hands on whatever is asked."""

    def __getattr__(self, attribute: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), attribute)
