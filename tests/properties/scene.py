"""A workbook that is put back in an instant, and workers that stop before and after every request of theirs.

A worker plays its run in a thread of its own, but only one thread ever moves: the worker stands still at each boundary
(before a request, after the server's answer, at each fsync, before and after a file goes or gets another name) until it
is told to go on or to die there. So every interleaving is a list of decisions, and the same decisions make the same
history.
"""

import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from workbench import Desk, Stages

from sheets_crm import bootstrap
from sheets_crm.bootstrap import Application
from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.store.access import Store

PATIENCE = 60.0  # seconds after which a thread that does not come back is a bug of the scene itself
GONE = 999_999_999  # the number of no process


class Killed(BaseException):
    """The process dies here: nothing of it goes on, no clean-up of ours runs."""


class Place:
    """A workbook that has come to a stage, on an emulator of its own; every history begins with it as it was.

    What is restored is the emulator's published state in its memory; that an emulator survives its own death is
    another test's subject, so it does not write to disk here.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.has_table = bool(desk.settings.modules)
        self._library = desk.server._library
        self._library._store.save = lambda *_: None
        self._saved = dict(self._library._books)
        self._now = desk.now
        self._worlds = 0

    def reset(self) -> Path:
        """Put the workbook back and give the directory of a new history's workers."""
        for file_id in list(self._library._books):
            self._library.evaluator.forget(file_id)
        self._library._books = dict(self._saved)
        self.desk.server.application.faults.disarm()
        self.desk.now = self._now
        self._worlds += 1
        directory = self.desk.directory / f"history-{self._worlds}"
        shutil.copytree(self.desk.directory / "state", directory / "A")
        return directory

    def version(self) -> int:
        """Count the changes of the workbook that the server has published."""
        return int(self._library._books[self.desk.sheet_id].file["version"])

    def set_back(self, saved: Any) -> None:
        """Put an earlier version in the place of the workbook, as File > Version history does."""
        self._library.evaluator.forget(self.desk.sheet_id)
        self._library._books[self.desk.sheet_id] = saved

    def published(self) -> Any:
        """The workbook as it is published now, which later changes leave alone."""
        return self._library._books[self.desk.sheet_id]


class Places:
    """The stages, each opened once."""

    def __init__(self, directory: Path, shared: Path | None = None) -> None:
        self._stages = Stages(directory, shared)
        self._open: dict[str, Place] = {}

    def at(self, stage: str) -> Place:
        if stage not in self._open:
            self._open[stage] = Place(self._stages.desk(stage, settle_seconds=0, heartbeat_minutes=600))
        return self._open[stage]

    def after(self, stage: str, play: Callable[[Desk], None]) -> Place:
        """A stage at which people and a worker have done something more, played once."""
        name = f"{stage}, {play.__module__}.{play.__name__}"
        if name not in self._open:
            desk = self._stages.desk(stage, settle_seconds=0, heartbeat_minutes=600)
            play(desk)
            self._open[name] = Place(desk)
        return self._open[name]

    def close(self) -> None:
        for place in self._open.values():
            place.desk.close()


class Worker:
    """One worker process on a machine of its own (its ``state_dir``), as the scene moves it.

    Attributes:
        at: Where it stands: ``before read``, ``after write``, ``disk``, ``before unlink`` …; "" when no run is under way.
        error: What its last run ended with; None when it ended well.
        result: What its last run gave back.
    """

    alive: ClassVar["dict[threading.Thread, Worker]"] = {}

    def __init__(self, place: Place, directory: Path, name: str) -> None:
        self.name = name
        self.at = ""
        self.error: BaseException | None = None
        self.result: Any = None
        self.state = directory / name
        self._directory = directory
        self._place = place
        self._go, self._back = threading.Semaphore(0), threading.Semaphore(0)
        self._doomed = False
        self._thread: threading.Thread | None = None
        self._app: Application | None = None
        self._machines = 0

    @property
    def running(self) -> bool:
        return self._thread is not None

    @property
    def app(self) -> Application:
        if self._app is None:
            self._app = self._started()
        return self._app

    def _started(self) -> Application:
        desk = self._place.desk
        settings = desk.settings.model_copy(
            update={"state_dir": self.state, "database": f"sqlite:///{self.state / 'crm.db'}"}
        )
        app = bootstrap.application(settings, sleep=self._sleep)
        gateway: Any = app.context.gateway
        once = gateway._http._once

        def bounded(policy: Any, *call: Any) -> Any:
            kind = "write" if policy.writes else "read"
            self._boundary(f"before {kind}")
            answer = once(policy, *call)
            self._boundary(f"after {kind}")
            return answer

        gateway._http._once = bounded
        context = replace(app.context, clock=lambda: desk.now, sleep=self._sleep)
        return Application(context, app._account, app.store)

    def _sleep(self, seconds: float) -> None:
        self._place.desk.now += seconds
        self._boundary("sleep")

    # -- the scene's side

    def start(self, run: Callable[[Application], Any]) -> None:
        """Begin a run and bring it to its first boundary."""
        app = self.app
        self._thread = threading.Thread(target=self._play, args=(run, app), daemon=True)
        Worker.alive[self._thread] = self
        self.error, self.result = None, None
        self._thread.start()
        self._wait()

    def step(self) -> str:
        """Go on to the next boundary; give where it stands then, "" at the end of the run."""
        self._go.release()
        self._wait()
        return self.at

    def finish(self) -> None:
        """Go on to the end of the run."""
        while self.running:
            self.step()

    def kill(self, *, lose_state: bool = False) -> None:
        """Let the process die where it stands; the next run is another process, on another machine if told so."""
        self._doomed = True
        self.finish()
        self._doomed = False
        self._end_process()
        self._leave_behind()
        if lose_state:
            self._machines += 1
            self.state = self._directory / f"{self.name}-{self._machines}"

    def _end_process(self) -> None:
        if self._app is not None:
            self._app.context.gateway._http.session.close()  # type: ignore[attr-defined]
            self._app = None

    def _leave_behind(self) -> None:
        """Give the files that it was writing the number of a process that is gone: the next one has another number."""
        for path in self.state.rglob(f".*.{os.getpid()}-*"):
            path.rename(path.with_name(path.name.replace(f".{os.getpid()}-", f".{GONE}-")))

    def close(self) -> None:
        if self.running:
            self.kill()
        self._end_process()

    def _wait(self) -> None:
        if not self._back.acquire(timeout=PATIENCE):
            raise RuntimeError(f"worker {self.name} hangs after {self.at}")
        if self.at == "" and self._thread is not None:
            self._thread.join()
            Worker.alive.pop(self._thread, None)
            self._thread = None

    # -- the worker's side

    def _play(self, run: Callable[[Application], Any], app: Application) -> None:
        try:
            self.result = run(app)
        except BaseException as error:  # noqa: BLE001 - reported to the scene, which judges it
            self.error = error
        self.at = ""
        self._back.release()

    def _boundary(self, kind: str) -> None:
        if threading.current_thread() is not self._thread:
            return
        self.at = kind
        if self._doomed:
            raise Killed(kind)
        self._back.release()
        self._go.acquire()
        if self._doomed:
            raise Killed(kind)


def disk_boundaries(monkeypatch: Any) -> None:
    """Let a worker stop, and die, at every fsync, and before and after every file that goes or gets another name.

    So it may before and after every transaction of the store and of the cache file; within one a process dies in
    `tests/store` and `tests/engine/test_cache_file.py`.
    """

    def fsync(_number: int) -> None:
        _at_boundary("disk")

    monkeypatch.setattr(os, "fsync", fsync)
    for name in ("unlink", "remove", "replace", "rename"):
        monkeypatch.setattr(os, name, _between_boundaries(name, getattr(os, name)))
    for place in (Store, CacheFile):
        monkeypatch.setattr(place, "write", _between_boundaries("commit", place.write))


def _between_boundaries(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def bounded(*given: Any, **options: Any) -> Any:
        _at_boundary(f"before {name}")
        answer = call(*given, **options)
        _at_boundary(f"after {name}")
        return answer

    return bounded


def _at_boundary(kind: str) -> None:
    worker = Worker.alive.get(threading.current_thread())
    if worker is not None:
        worker._boundary(kind)
