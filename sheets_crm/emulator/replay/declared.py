"""Differences that are known and explained, so that a recording can be kept before the emulator answers like Google.

They stand beside ``NAME.json`` in ``NAME.differences.toml``, each with its reason:

    [[difference]]
    probe = "SHEETS()"
    request = 2                                   # optional: the number of the request among those of the probe
    path = "/sheets/*/properties/index"           # * is any part of the path
    reason = "Google counts …; the emulator does not yet."
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sheets_crm.emulator.replay.comparing import Difference

_KEYS = {"probe": str, "request": int, "path": str, "reason": str}


class DeclarationError(Exception):
    """A file of declared differences is not as it has to be."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One difference that is expected.

    Attributes:
        probe: What asks.
        path: The place in the answer, where ``*`` is anything.
        reason: Why it is kept.
        request: The number of the request; 0 for any.
    """

    probe: str
    path: str
    reason: str
    request: int = 0

    def covers(self, difference: Difference) -> bool:
        """Whether it is this difference."""
        return (
            self.probe == difference.probe
            and self.request in {0, difference.request}
            and fnmatchcase(difference.path, self.path.replace("[", "[[]"))
        )


@dataclass(frozen=True, slots=True)
class Declarations:
    """All declared differences of a recording."""

    items: tuple[Declaration, ...] = ()

    @classmethod
    def beside(cls, recording: Path) -> "Declarations":
        """Read those of a recording; none where there is no such file.

        Raises:
            DeclarationError: The file is not TOML, or a difference lacks its reason or has other keys.
        """
        path = recording.with_name(f"{recording.name.removesuffix('.json')}.differences.toml")
        if not path.exists():
            return cls()
        try:
            items = tomllib.loads(path.read_text(encoding="utf-8")).get("difference", [])
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DeclarationError(f"{path} is not TOML: {error}") from error
        return cls(tuple(_declaration(path, item) for item in items))

    def undeclared(self, differences: Iterable[Difference]) -> list[Difference]:
        """Those that no declaration covers."""
        return [one for one in differences if not any(item.covers(one) for item in self.items)]

    def outlived(self, differences: Iterable[Difference]) -> list[Declaration]:
        """Those declarations that cover nothing any more: the emulator has been corrected, so they have to go."""
        differences = list(differences)
        return [item for item in self.items if not any(item.covers(one) for one in differences)]


def as_toml(differences: Iterable[Difference]) -> str:
    """Differences as a file of declarations; the reasons are left to whoever keeps it, and blank ones are refused."""
    return "\n".join(
        f"[[difference]]\nprobe = {_quoted(one.probe)}\nrequest = {one.request}\npath = {_quoted(one.path)}\n"
        f'# expected {_one_line(one.expected)}\n# got {_one_line(one.got)}\nreason = ""\n'
        for one in differences
    )


def _declaration(path: Path, item: dict[str, Any]) -> Declaration:
    wrong = [name for name, value in item.items() if not isinstance(value, _KEYS.get(name, ()))]
    missing = [name for name in ("probe", "path", "reason") if name not in item]
    if wrong or missing or not item["reason"].strip():
        problem = (
            f"wrong: {', '.join(wrong)}" if wrong else f"missing: {', '.join(missing)}" if missing else "no reason"
        )
        raise DeclarationError(f"{path}: a difference has {problem}: {item}")
    return Declaration(item["probe"], item["path"], item["reason"], item.get("request", 0))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _one_line(text: str) -> str:
    return " ".join(text.split())
