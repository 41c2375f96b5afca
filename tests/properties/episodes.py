"""One episode with everything in it: ticks that stand unchanged, pasted outputs, new people; and what it has to end in.

It begins at the stage ``verified``: operators tick leads for the company step, paste answers to the verification
batch (a second time, with other words for some), and paste new people among them one without a name.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from mirrored import differences
from people import STEPS, People
from scene import Place, Worker

from sheets_crm.engine.session import RunRequest

STATES = {step: f"{step}_status" for step in STEPS} | {"instantly": "instantly_step_status"}
TIMES = ("_at", "timestamp")


class Episode:
    """People who have just acted, and workers who have not."""

    def __init__(self, place: Place) -> None:
        self.place = place
        directory = place.reset()
        self.directory = directory
        self.people = People(place, Random(5), calm=True)
        self.A, self.B = Worker(place, directory, "A"), Worker(place, directory, "B")

    def prepare(self, *, pasted: bool = True) -> "Episode":
        people = self.people
        leads = [row["LeadNumber"] for _, row in people.table("CompScrap Input")]
        self.ticked = leads[1:9:2]
        assert people.tick_leads("company_scrap", self.ticked)
        if not pasted:
            return self
        header, rows = people.output("Verification")
        assert people.paste(header, rows[:10])
        assert people.paste(["firstName", "lastName", "title", "summary", "companyName", "vmid", "defaultProfileUrl"],
                            [*(people._person() for _ in range(3)), ["", "", "", "", "Nadie S.A.", "", ""]])  # fmt: skip
        return self

    @staticmethod
    def run(worker: Worker, **request: Any) -> None:
        worker.start(lambda app: app.context.run(RunRequest(**{"now": True} | request)))

    def rest(self, worker: Worker) -> None:
        """Let a worker run, undisturbed, until there is nothing left to do."""
        for _ in range(6):
            before = self.place.version()
            self.run(worker, whole=True)
            worker.finish()
            if worker.error is not None:
                raise worker.error
            if self.place.version() == before:
                wrong = differences(worker.state, self.rows("Master"), ("email", "body_1", *STATES.values()))
                assert not wrong, wrong
                return
        raise AssertionError("the runs never come to rest")

    def rows(self, name: str) -> list[dict[str, Any]]:
        header, *body = self.people.see(name)[0]
        return [
            dict(zip(header, row, strict=True)) for row in body if any(cell not in {"", False} for cell in row)
        ]

    def end(self) -> dict[str, Any]:
        """The workbook as the promises see it: times, the order of rows and Log apart."""
        master = {row["LeadNumber"]: _timeless(row) for row in self.rows("Master")}
        found: dict[str, Any] = {"Master": master}
        for word in STEPS.values():
            found[f"{word} Input"] = sorted(_text(row) for row in self.rows(f"{word} Input"))
            found[f"{word} Batch"] = sorted(_text(row) for row in self.rows(f"{word} Batch"))
        for name in ("Batches", "Imports"):
            found[name] = [_timeless(row) for row in self.rows(name)]
        found["Rejected"] = self.people.see("Rejected")[0]
        found["Inbox"] = self.people.see("Inbox")[0]
        found["tabs"] = sorted(sheet.title for sheet in self.place.published().sheets)
        return found

    def close(self) -> None:
        self.A.close()
        self.B.close()


def _timeless(row: dict[str, Any]) -> dict[str, Any]:
    return {name: cell for name, cell in row.items() if not name.endswith("_at") and name not in {"when", "age"}}


def _text(row: dict[str, Any]) -> str:
    return str(sorted(_timeless(row).items()))


def undisturbed(place: Place) -> tuple[dict[str, Any], int]:
    """The end of the episode when nothing goes wrong, and how many boundaries its run has."""
    episode = Episode(place).prepare()
    try:
        episode.run(episode.A)
        boundaries = 1
        while episode.A.running:
            episode.A.step()
            boundaries += episode.A.running
        assert episode.A.error is None, episode.A.error
        episode.rest(episode.A)
        return episode.end(), boundaries
    finally:
        episode.close()


def at_boundary(place: Place, boundary: int, then: Callable[[Episode], None]) -> dict[str, Any]:
    """Play the episode, let something happen at one boundary of A's run, and give the end."""
    episode = Episode(place).prepare()
    try:
        episode.run(episode.A)
        for _ in range(boundary):
            episode.A.step()
        then(episode)
        return episode.end()
    finally:
        episode.close()
