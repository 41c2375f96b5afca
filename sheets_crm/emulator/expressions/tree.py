"""What a regular expression is made of, once it is read."""

from typing import NamedTuple, TypeAlias

__all__ = ["Choice", "Expression", "Group", "Node", "Piece", "Repeat", "Sequence"]


class Piece(NamedTuple):
    """What takes one character or none, such as a letter, a set or the end of a line.

    Attributes:
        source: How the standard library spells it.
    """

    source: str


class Sequence(NamedTuple):
    """One part after the other."""

    parts: tuple["Node", ...]


class Choice(NamedTuple):
    """The first of the parts that fits."""

    parts: tuple["Node", ...]


class Repeat(NamedTuple):
    """A part several times; `most` is None where there is no end."""

    part: "Node"
    least: int
    most: int | None
    lazy: bool


class Group(NamedTuple):
    """A part that a replacement can name by its number."""

    part: "Node"
    number: int


Node: TypeAlias = Piece | Sequence | Choice | Repeat | Group


class Expression(NamedTuple):
    """A whole expression.

    Attributes:
        node: What it matches.
        groups: How many groups it has.
        names: The numbers of the groups that have a name.
    """

    node: Node
    groups: int
    names: dict[str, int]
