"""Modules that are loaded when they are first used, if ever."""

import sys
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any


def load_when_used(name: str, *functions: str) -> None:
    """Make `import name` and `from name import function` load nothing.

    The module is loaded when another of its attributes is asked for, or one of `functions` is
    called. importlib's LazyLoader loads a module as soon as a second one imports it.
    """
    if name not in sys.modules:
        stub = sys.modules[name] = ModuleType(name)
        vars(stub)["__getattr__"] = partial(_attribute, stub)
        vars(stub).update({function: partial(_call, stub, function) for function in functions})


def _attribute(stub: ModuleType, name: str) -> Any:
    """The stub's `__getattr__` (PEP 562). Each import asks for `__path__`, which is no use."""
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(_load(stub), name)


def _call(stub: ModuleType, function: str, *arguments: Any, **named: Any) -> Any:
    return getattr(_load(stub), function)(*arguments, **named)


def _load(stub: ModuleType) -> ModuleType:
    if sys.modules.get(stub.__name__) is stub:
        del sys.modules[stub.__name__]
    return import_module(stub.__name__)
