"""How a pass acts on the world: it yields each call of a port, and whoever drives it makes the call.

Between two calls nothing happens outside. So a test may stop a pass before and after each of them, let another worker
go on there, or let a day go by; the product makes them one after another (`play`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a port, to be made by whoever drives the pass."""

    name: str
    make: Callable[[], Any]


Steps = Generator[Call, Any, R]


def do(method: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Steps[R]:
    """Yield one call of a port; its answer is the result."""
    answer: R = yield Call(method.__qualname__, lambda: method(*args, **kwargs))
    return answer


def play(steps: Steps[R]) -> R:
    """The result of a pass whose calls are made one after another."""
    try:
        call = next(steps)
        while True:
            call = made(steps, call)
    except StopIteration as end:
        result: R = end.value
        return result


def made(steps: Steps[R], call: Call) -> Call:
    """Make a call and go on to the next one; what a port raises is raised in the pass, which gives its lease back."""
    try:
        answer = call.make()
    except BaseException as error:  # noqa: BLE001 - the pass raises it again
        return steps.throw(error)
    return steps.send(answer)
