"""Start-up without garbage collection: importing makes a million objects, and none of them is garbage.

Import this before everything else and call `done` after it: about a sixth of the start-up is saved.
"""

from __future__ import annotations

import gc

_COLLECTED = gc.isenabled()
gc.disable()


def done() -> None:
    """Collect garbage again, if it was collected before."""
    if _COLLECTED:
        gc.enable()
