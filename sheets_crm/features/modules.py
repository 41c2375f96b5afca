"""Modules: optional parts of the product, each a package that is imported only when the settings switch it on.

A module that is off costs nothing: no tab, no column, no request, no import and no dependency of its own. The registry
here says which names there are and where each module's declaration is; nothing of a module is imported before `load`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from sheets_crm.errors import NotInstalled
from sheets_crm.messages import said

if TYPE_CHECKING:  # the settings import this file: it must stay as light as they are
    from sheets_crm.engine.features import Feature, Tables
    from sheets_crm.pipeline.columns import Column
    from sheets_crm.pipeline.schema import Schema
    from sheets_crm.pipeline.states import State
    from sheets_crm.workbook.declaration import TabSpec


@dataclass(frozen=True)
class Module:
    """What a module adds, as its package declares it.

    Attributes:
        features: Its features: tabs, commands, handlers; one that several modules have is there once.
        columns: Its columns of the Master, which stand right of all others.
        sending_states: States that it adds to the steps that contact leads.
        receives: What posts to it: ``package.module:NAME`` of functions that make a source
            (`sheets_crm.receiver.sources`) of the token file's content; imported where something is received alone.
        claims: Whether it sends something to somebody, for which messages are claimed.
    """

    features: tuple[Feature, ...] = ()
    columns: tuple[Column, ...] = ()
    sending_states: tuple[State, ...] = ()
    receives: tuple[str, ...] = ()
    claims: bool = False


@dataclass(frozen=True)
class Entry:
    """Where a module is.

    Attributes:
        declaration: ``package.module:NAME`` of its `Module`; "" for one that this version does not have yet.
        packages: Names of the packages that it imports and the core does not, as they are imported.
    """

    declaration: str = ""
    packages: tuple[str, ...] = ()

    @property
    def exists(self) -> bool:
        """Whether this version has it."""
        return bool(self.declaration)


MODULES: Final[dict[str, Entry]] = {
    "instantly": Entry("sheets_crm.instantly.module:MODULE"),
    "ai": Entry(),
    "email": Entry(),
    "sources": Entry(),
    "sales": Entry(),
}
"""Every module by its name, in the order in which their tabs stand. An extra of the same name installs its packages."""


def problems(names: Sequence[str]) -> list[str]:
    """What is wrong with the names of modules in the settings, each as a sentence without its point."""
    unknown = [
        said("setting.unknown_module", name=name, names=list(MODULES)) for name in names if name not in MODULES
    ]
    absent = [
        said("setting.module_absent", name=name, names=", ".join(_existing()) or said("none"))
        for name in dict.fromkeys(names)
        if name in MODULES and not MODULES[name].exists
    ]
    twice = sorted({name for name in names if names.count(name) > 1})
    doubled = [said("setting.module_twice", name=name) for name in twice]
    return [*unknown, *absent, *doubled]


def _existing() -> list[str]:
    return [name for name, entry in MODULES.items() if entry.exists]


def load(names: Sequence[str]) -> dict[str, Module]:
    """Import the modules that are switched on, in the order of `MODULES`.

    Args:
        names: Their names, checked by `problems`.

    Raises:
        NotInstalled: Packages of a module are missing; the remedy names the command that installs them.
    """
    loaded: dict[str, Module] = {}
    taken: list[Feature] = []
    for name, entry in MODULES.items():
        if name in names:
            _need_packages(name, entry)
            path, _, attribute = entry.declaration.partition(":")
            module: Module = getattr(import_module(path), attribute)
            own = [feature for feature in module.features if feature not in taken]
            taken += own
            loaded[name] = replace(module, features=tuple(_marked(own, name)))
    return loaded


def columns(loaded: Mapping[str, Module]) -> tuple[tuple[str, tuple[Column, ...]], ...]:
    """The columns of the Master that modules add, by module."""
    return tuple((name, module.columns) for name, module in loaded.items())


def sending_states(loaded: Mapping[str, Module]) -> tuple[State, ...]:
    """The states that modules add to the steps that contact leads, each once."""
    return tuple(dict.fromkeys(state for module in loaded.values() for state in module.sending_states))


def _need_packages(name: str, entry: Entry) -> None:
    missing = [package for package in entry.packages if find_spec(package) is None]
    if missing:
        raise NotInstalled(
            said("need_packages", module=name, packages=missing),
            state=said("nothing_done"),
            remedy=said("need_packages.remedy", module=name),
        )


def _marked(features: Sequence[Feature], name: str) -> Iterator[Feature]:
    """Yield the features with their tabs marked as the module's."""
    for feature in features:
        yield replace(feature, tables=_of_module(feature.tables, name))


def _of_module(tables: Tables, name: str) -> Tables:
    def marked(schema: Schema, parts: Mapping[str, int]) -> Iterator[TabSpec]:
        for spec in tables(schema, parts):
            yield replace(spec, module=name)

    return marked
