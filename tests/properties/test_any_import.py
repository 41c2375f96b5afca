"""Whatever is imported or pasted, a tick is sent and a good import merged by the next plain sync.

An import may be merged, refused with words that say why, or set aside: it never stands in the way of the others.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from episodes import Episode
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from people import EXPORT

from sheets_crm.errors import CrmError, SettingsError
from sheets_crm.files import write_csv

pytestmark = pytest.mark.long

WAYS = ("file", "inbox", "output")
ANSWER = ["LeadNumber", "email", "email_status"]
GOOD = ["Buena", "Persona", "", "", "Buena S.L.", "ACwAAGOOD000001", "https://www.linkedin.com/in/buena-persona"]
CELL = 50_000
PLAYED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Import:
    """Something to import.

    Attributes:
        way: As a ``file``, pasted into the ``inbox``, or as an ``output`` tab.
        table: Its rows, the header first.
        label: What the file or the tab is called.
        target_id: The TargetID that is said for it: on the command line, or on Control.
        at_once: Whether the tick and the good import are there before a run has seen it.
    """

    way: str
    table: tuple[tuple[str, ...], ...]
    label: str = "salida"
    target_id: str | None = None
    at_once: bool = False

    def __repr__(self) -> str:
        """What it is, in short: failing examples are printed."""
        rows = [[f"{cell[:30]!r}*{len(cell)}" for cell in row[:12]] for row in self.table[:5]]
        shape = f"{len(self.table)}x{max(map(len, self.table), default=0)}"
        return f"Import({self.way}, {shape}, {rows}, {self.label[:30]!r}*{len(self.label)}, {self.at_once})"


# -- what is imported


ODD = ["🦄", "\U0001d4b3", "ñ", "\u202e", "\n", "\r\n", "\t", '"', ";", ",", "'", "=", "@", "\u200d", "e\u0301"]
CONTROLS = ["\x00", "\x07", "\x1b"]
WORDS = ["nota", "columna", "Ciudad", "x", "1", "email 2", "Lead Number", "status", ""]
HUGE = [text * (length // len(text)) for text in ("h", "🦄", "a b ", "=1+") for length in (300, 30_000, CELL - 1)]
TOO_HUGE = ["h" * CELL, "ñ" * (CELL + 1), "🦄" * 30_000, "h" * 60_000]
CELLS = [
    *("None", "null", "NaN", "#N/A", "#REF!", "TRUE", "=1+1", "=A1", "=1/0", "+34600", "007", "1e400", "1,5"),
    *("1.5", "2026-05-28", "31/12/1899", "-0", "9" * 400, "valid", "HIT", "1", "41", "99999", " ", "a@b.example"),
]
PLAIN = {
    "LeadNumber": ["1", "2", "3", "39", "40", "41", "0", "1.0", "9" * 20],
    "email": ["a@b.example", "A@B.EXAMPLE", "ñ@b.example", "nadie", "a@b.example, c@d.example"],
    "email_status": ["valid", "valid", "invalid", "risky", "quién sabe"],
    "firstName": ["Ana", "  ", "=1+1", "Ñ" * 300, "Ana\nLuz"],
    "vmid": ["ACwAAAZAR000001", "ACwAAAZAR000002", "ACwAAAZAR000003", "x"],
    "defaultProfileUrl": ["https://www.linkedin.com/in/azar", "https://www.linkedin.com/in/azar-🦄", "nada"],
    "box1_result": ["HIT", "noHIT", "DROP", "tal vez"],
    "query": ["https://www.linkedin.com/company/acme", "acme.example", "x"],
}
HEADERS = (
    ANSWER,
    EXPORT,
    ["LeadNumber", "box1_result", "subject", "body_1"],
    ["query", "companyName", "industry", "website", "employeesOnLinkedIn", "timestamp"],
    ["email", "lt_interest_status", "timestamp_last_contact"],
)
odd = st.lists(st.sampled_from([*ODD * 6, *CONTROLS]), min_size=1, max_size=4).map("".join)
strange = st.one_of(
    st.sampled_from(WORDS),
    odd,
    st.builds(str.__add__, st.sampled_from(WORDS), odd),
    st.sampled_from([*HUGE, *HUGE, *TOO_HUGE]),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[tuple[str, ...], ...]:
    """Tables of any kind: known headers among unknown, doubled and huge ones, or none that is known; some wide or tall."""
    header = list(draw(st.sampled_from([*HEADERS, *HEADERS, []])))
    for text in draw(st.lists(strange, max_size=3)) + draw(st.sampled_from([[]] * 5 + [header[:1]])):
        header.insert(draw(st.integers(0, len(header))), text)
    shape = draw(st.sampled_from([*["small"] * 8, "wide", "tall"]))
    header += [f"sobra {n}" for n in range(2_000 - len(header))] if shape == "wide" else []
    rows = [
        tuple(_cell(draw, name) if n < 12 else "" for n, name in enumerate(header))
        for _ in range(draw(st.sampled_from([0, 1, 2, 3, 4])))
    ]
    return (tuple(header), *(rows * (200 if shape == "tall" else 1)))


def _cell(draw: st.DrawFn, name: str) -> str:
    kind = draw(st.sampled_from(["plain"] * 6 + ["cell", "strange"]))
    return draw(
        strange if kind == "strange" else st.sampled_from(PLAIN.get(name, CELLS) if kind == "plain" else CELLS)
    )


labels = st.builds(
    lambda text, count: text * count,
    st.sampled_from(["s", "ñ", "a.b ", "🦄", "'", "!"]),
    st.sampled_from([1, 2, 25]),
)
imports = st.builds(
    Import,
    way=st.sampled_from(WAYS),
    table=tables(),
    label=labels,
    target_id=st.one_of(st.none(), odd, st.sampled_from(["T9", "T" * 300, "T" * (CELL - 1)])),
    at_once=st.sampled_from([True, True, True, False]),
)


# -- an import, and what follows


@contextmanager
def opened(place) -> Iterator[Episode]:
    episode = Episode(place)
    try:
        yield episode
    finally:
        episode.close()


def given_to(episode: Episode, it: Import) -> None:
    """Import it as a person does; the command may refuse it, the spreadsheet too."""
    if it.way == "file":
        path = write_csv(episode.directory / f"{it.label.replace('/', '-')}.csv", list(it.table[0]), it.table[1:])
        with said_why():
            episode.A.app.import_tables([str(path)], step=None, target_id=it.target_id, plan=False)
        return
    people = episode.people
    if it.target_id:
        people.put("Control", {f"B{people._control_row('target_id')}": [[it.target_id]]})
    name = "Inbox" if it.way == "inbox" else f"Output {it.label}"
    size = {"rowCount": len(it.table) + 5, "columnCount": max(map(len, it.table), default=0) + 5}
    if it.way == "inbox":
        grid = {"properties": {"sheetId": people.tab_id(name), "gridProperties": size}}
        assert people.structure(
            {"updateSheetProperties": {**grid, "fields": "gridProperties(rowCount,columnCount)"}}
        )
    elif not people.structure(
        {"addSheet": {"properties": {"title": name, "gridProperties": size}}}, who="operator"
    ):
        return
    people.put(name, {"A1": [list(row) for row in it.table]})


@contextmanager
def said_why() -> Iterator[None]:
    """Let a refusal pass that says what is wrong; any other failure is none."""
    with suppress(CrmError):
        yield


def goes_on(place, it: Import, *, to_rest: bool = True) -> None:
    """Import it; then a tick and a good import are dealt with by a plain sync, and the runs come to rest."""
    with opened(place) as episode:
        given_to(episode, it)
        if it.way != "file" and not it.at_once:
            with said_why():
                plain_sync(episode)
        tick_and_good_import_are_dealt_with(episode)
        if to_rest:
            episode.rest(episode.A)


def tick_and_good_import_are_dealt_with(episode: Episode) -> None:
    """Tick two leads and bring somebody in: one plain sync does both."""
    people = episode.people
    before = {row["LeadNumber"]: row["personSalesUrl"] for row in episode.rows("Master")}
    ticked = [row["LeadNumber"] for _, row in people.table("Verification Input")][3:5]
    assert people.tick_leads("verification", ticked)
    assert people.structure({"addSheet": {"properties": {"title": "Output bueno"}}}, who="operator")
    assert people.put("Output bueno", {"A1": [EXPORT, GOOD]})

    plain_sync(episode)

    master = {row["LeadNumber"]: row for row in episode.rows("Master")}
    assert [master[lead]["verification_sent"] for lead in ticked] == [True, True], "a tick was not sent"
    good = [row for row in master.values() if "buena-persona" in row["personLinkedinUrl"]]
    assert len(good) == 1, "the good import was not merged, or twice"
    assert {lead: master[lead]["personSalesUrl"] for lead in before} == before
    assert len(master) == len(episode.rows("Master")), "a LeadNumber stands twice"
    for row in episode.rows("Imports"):
        counts = ("new", "updated", "unchanged", "duplicate", "rejected")
        assert row["rows"] == sum(row[name] for name in counts), row


def plain_sync(episode: Episode) -> Any:
    """A run of a process of its own, as on its schedule."""
    episode.A._end_process()
    return episode.A.app.sync(plan=False, now=True, force=False, scheduled=True)


@pytest.fixture(scope="module")
def place(places):
    return places.at("imported")


@settings(PLAYED, max_examples=4)
@given(it=imports)
def test_any_import_leaves_the_way_free_for_ticks_and_other_imports(place, it):
    goes_on(place, it, to_rest=False)


@pytest.mark.long
@settings(PLAYED, max_examples=100)
@given(it=imports)
def test_a_great_many_imports_leave_the_way_free_for_ticks_and_other_imports(place, it):
    goes_on(place, it)


# -- those that once did not


def heavy(header: list[str]) -> tuple[tuple[str, ...], ...]:
    """An answer for two leads among columns that nobody knows."""
    return tuple(
        (*row, *more)
        for row, more in zip(
            [ANSWER, ["1", "uno@b.example", "valid"], ["2", "dos@b.example", "valid"]],
            [header, ["x"] * len(header), [""] * len(header)],
            strict=True,
        )
    )


HEAVY = {
    "two headers of 30,000 characters": heavy(["h" * 30_000, "g" * 30_000]),
    "1,400 headers of 36 characters": heavy([f"{n:06d}".center(36, "c") for n in range(1_400)]),
    "2,000 empty columns": heavy([""] * 2_000),
    "a cell of 60,000 characters": ((*ANSWER, "nota"), ("1", "uno@b.example", "valid", "x" * 60_000)),
    "a name of 60,000 characters": (
        tuple(EXPORT),
        ("N" * 60_000, "Larga", "", "", "L S.L.", "ACwAALARGA0001", ""),
    ),
    "headers alone": (tuple(ANSWER),),
    "nothing": ((),),
}
SOON = {("two headers of 30,000 characters", "inbox"), ("1,400 headers of 36 characters", "file")}
CASES = [(what, way) for what in HEAVY for way in WAYS]


@pytest.mark.parametrize(
    ("what", "way"), [case if case in SOON else pytest.param(*case, marks=pytest.mark.long) for case in CASES]
)
def test_heavy_imports_leave_the_way_free(place, what, way):
    goes_on(place, Import(way, HEAVY[what]))


@pytest.mark.long
@pytest.mark.parametrize(("rows", "others"), [(2_000, 0), (1_000, 6_500_000)])
def test_a_paste_whose_copy_would_pass_ten_million_cells_leaves_the_way_free(place, rows, others):
    """Inbox grew to 2,600 columns: to claim what is pasted in it by duplicating the tab is refused by Google."""
    with opened(place) as episode:
        people = episode.people
        if others:
            size = {"rowCount": others // 100, "columnCount": 100}
            assert people.structure({"addSheet": {"properties": {"title": "Mío", "gridProperties": size}}})
        size = {"rowCount": rows, "columnCount": 2_600}
        grid = {"properties": {"sheetId": people.tab_id("Inbox"), "gridProperties": size}}
        assert people.structure(
            {"updateSheetProperties": {**grid, "fields": "gridProperties(rowCount,columnCount)"}}
        )
        answer = [*ANSWER, *[""] * 2_500, "lejos"], ["1", "uno@b.example", "valid", *[""] * 2_500, "x"]
        assert people.put("Inbox", {"A1": list(answer)})

        tick_and_good_import_are_dealt_with(episode)

        merged = any(row["email"] == "uno@b.example" for row in episode.rows("Master"))
        told = [row[1] for row in people.see("Control")[0] if str(row[7]).startswith("problem.") and row[1]]
        assert merged or told


def test_a_target_id_that_no_cell_can_hold_is_refused_and_nothing_is_left_behind(place):
    with opened(place) as episode:
        path = write_csv(episode.directory / "people.csv", EXPORT, [GOOD])
        files, version = left(episode.A.state), place.version()

        with pytest.raises(SettingsError) as refused:
            episode.A.app.import_tables([str(path)], step=None, target_id="T" * 60_000, plan=False)

        assert refused.value.remedy
        assert (left(episode.A.state), place.version()) == (files, version)


def left(state: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in state.rglob("*") if path.is_file()}
