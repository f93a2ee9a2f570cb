"""Modules that are loaded when they are first used, if ever."""

import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any


def load_when_used(name: str, *functions: str) -> None:
    """Make `import name` cost nothing until something in that module is asked for.

    `functions` are those that others take by `from name import function`: that loads nothing
    either, their first call does. importlib's own LazyLoader loads a module as soon as a second one
    imports it.
    """
    if name not in sys.modules:
        awaited = sys.modules[name] = _Awaited(name)
        for function in functions:
            setattr(awaited, function, partial(_call, awaited, function))


class _Awaited(ModuleType):
    """Stands for a module; whoever imported it keeps this, so it hands on whatever is asked."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        vars(self)["__path__"] = _Path(self)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(_load(self), attribute)


class _Path:
    """Where the parts of a package are: every import asks for it, but looks into it for a part
    alone."""

    def __init__(self, awaited: ModuleType) -> None:
        self.awaited = awaited

    def __iter__(self) -> Iterator[str]:
        return iter(_load(self.awaited).__path__)


def _load(awaited: ModuleType) -> ModuleType:
    if sys.modules.get(awaited.__name__) is awaited:
        del sys.modules[awaited.__name__]
    return import_module(awaited.__name__)


def _call(awaited: ModuleType, function: str, *arguments: Any, **named: Any) -> Any:
    return getattr(_load(awaited), function)(*arguments, **named)
