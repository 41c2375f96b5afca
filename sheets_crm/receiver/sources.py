"""What the receiver knows of a source: where it posts, how it proves that it may, how its deliveries are told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Head:
    """A post before its body.

    Attributes:
        parameters: The variable parts of its path, by name.
        headers: Its headers, by name in lower case.
    """

    parameters: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Description:
    """What a body says of itself.

    Attributes:
        kind: What it brings, in the source's word.
        key: What its repetitions have in common; None for nothing.
    """

    kind: str
    key: str | None


def always(_head: Head, _body: bytes) -> bool:
    """The proof of a body whose source proves itself before it."""
    return True


@dataclass(frozen=True, slots=True)
class Source:
    """A source that posts.

    Attributes:
        name: Its name in the intake and in the metrics.
        path: Where it posts; ``{name}`` is a part that varies.
        admits: Whether the body is read at all, by what comes before it.
        describe: What a body says of itself. It never fails: a body that cannot be read is described as such, for it
            is stored too.
        proves: Whether the body may be stored, where the proof is a signature over it.
        address: Its path as it is posted to, with its token: a secret.
    """

    name: str
    path: str
    admits: Callable[[Head], bool]
    describe: Callable[[bytes], Description]
    proves: Callable[[Head, bytes], bool] = always
    address: str = field(default="", repr=False)
