"""What a feature makes of the deliveries of a feed: rows of an import, and what else they tell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sheets_crm.engine.intake import Activity, Settled, Waiting
from sheets_crm.pipeline.imports.recognise import Block

if TYPE_CHECKING:
    from sheets_crm.engine.settings import RunSettings
    from sheets_crm.engine.snapshot import Snapshot

Refused = Callable[[Mapping[str, str]], bool]
"""Whether somebody, by a key such as ``{"email": …}``, is erased: nothing of theirs is imported or kept."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What deliveries come to.

    Attributes:
        blocks: Their rows, as blocks that are recognised.
        told: What else they tell, for the features of the feed's module; None for nothing.
    """

    blocks: Sequence[Block] = ()
    told: object | None = None


@dataclass(frozen=True, slots=True)
class Fed:
    """The import of one feed in a run.

    Attributes:
        ref: Its name in System's open record: which deliveries of which store it has.
        settled: What becomes of the deliveries once it is merged.
    """

    ref: str
    settled: tuple[Settled, ...]


class Folding(Protocol):
    """Deliveries of one feed while they are read, one after another; it keeps what they come to, not their bodies."""

    def add(self, waiting: Waiting) -> Settled:
        """Take a delivery in, and say what it was; whatever its body holds, nothing is raised."""
        ...

    def activities(self) -> Sequence[Activity]:
        """What happened with leads, as far as the deliveries since the last call tell it."""
        ...

    def folded(self) -> Folded:
        """What the deliveries come to."""
        ...


class Feed(Protocol):
    """A feed, as the feature of a module declares it."""

    @property
    def source(self) -> str:
        """Its name in the intake."""
        ...

    @property
    def urgent(self) -> Collection[str]:
        """Kinds of deliveries that are imported at once: people's replies."""
        ...

    def understanding(self, snapshot: Snapshot, settings: RunSettings) -> str | None:
        """What the reading of deliveries depends on, as a digest; None when the snapshot does not show it."""
        ...

    def read_by_it(self, kind: str) -> bool:
        """Whether deliveries of a kind may come to something else when that has changed."""
        ...

    def begin(self, snapshot: Snapshot, settings: RunSettings, refused: Refused) -> Folding:
        """Begin to read deliveries, with the workbook as it was read."""
        ...
