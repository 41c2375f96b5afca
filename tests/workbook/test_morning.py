"""The Dashboard's first screen: what it says to do in each state of a workbook, and the trend of History's counts."""

import itertools

import pytest

from sheets_crm.workbook.morning import places

LINES = slice(places.LINES, places.LINES + places.MOST_LINES)


def today(desk):
    """The lines of the day: sign, sentence, link."""
    rows = desk.cells("Dashboard")[LINES]
    lines = [(row[0], row[places.SENTENCE_COLUMN], row[places.LINK_COLUMN]) for row in rows]
    filled = list(itertools.takewhile(lambda line: line[0] != "", lines))
    assert not any(any(line) for line in lines[len(filled) :])
    return filled


def state(desk):
    return desk.cells("Dashboard")[0][places.STATE_COLUMN]


def sentences(desk, sign=""):
    return " | ".join(sentence for mark, sentence, _ in today(desk) if mark.startswith(sign))


@pytest.mark.long
@pytest.mark.parametrize(
    ("locale", "language", "said"),
    [
        ("es_ES", "es", "Aún no hay leads: pega tu primer export en Inbox"),
        pytest.param("en_US", "en", "There are no leads yet: paste your first export", marks=pytest.mark.long),
    ],
)
def test_a_new_workbook_says_how_to_begin_and_shows_no_empty_frame(open_desk, locale, language, said):
    desk = open_desk("initialised", locale)
    if language != "es":
        desk.settings = desk.settings.model_copy(update={"language": language})
        desk.app = desk.worker()
        desk.init()
    (line,) = today(desk)
    assert line[1].startswith(said)
    assert line[2] == "→ Inbox"
    rows = desk.cells("Dashboard")
    assert "no hay dos semanas" in rows[places.TREND][0] or "no two weeks" in rows[places.TREND][0]
    shown = [cell for row in rows[places.TREND + 1 : places.ROWS] for cell in row[: places.WIDTH]]
    assert set(shown) == {""}
    assert not any(row[places.SIDE_WORD] for row in rows[places.FUNNEL : places.TREND])


@pytest.mark.long
def test_what_is_urgent_stands_first_and_each_line_leads_to_its_tab(open_desk):
    desk = open_desk("boxed")
    signs = [sign for sign, _, _ in today(desk)]
    assert signs == sorted(signs, key=lambda sign: "●▲✓".index(sign[0]))
    assert signs[0] == "● Hoy"  # nothing is ready for Instantly
    ready = len(desk.rows("Instantly Input"))
    assert f"{ready} leads esperan Instantly" in sentences(desk, "▲")
    link = next(link for _, sentence, link in today(desk) if "esperan Instantly" in sentence)
    assert link == "→ Instantly Input"
    desk.tab("Instantly Input", "owner").update_title('Para "enviar"')
    desk.now += 2 * 3600
    desk.sync()
    assert '→ Para "enviar"' in [link for _, _, link in today(desk)], "in the next run that reads everything"


@pytest.mark.long
def test_a_batch_that_is_late_is_named_with_its_days_and_what_is_out(open_desk):
    desk = open_desk("sent")
    assert "lote" not in sentences(desk)
    desk.now += 9 * 86_400
    desk.sync()
    batch = next(row for row in desk.rows("Batches") if row["outstanding"])
    assert f"{batch['id']} lleva 9 días fuera; leads sin volver: {batch['outstanding']}" in sentences(desk, "●")


@pytest.mark.long
def test_a_worker_that_is_silent_is_red_with_its_age_in_words(open_desk):
    desk = open_desk("sent")
    assert state(desk).startswith("▲ Sistema activo hace 1 min · últimos cambios")
    assert state(desk).endswith("1 fila en Rejected por corregir")
    desk.now += 25 * 60
    assert "Sistema activo hace 25 min" in state(desk)
    desk.now += 3 * 3600
    assert state(desk).startswith("● SISTEMA PARADO: sin señal desde hace 3 h")
    assert today(desk)[0][0] == "● Hoy"
    assert "no da señal desde hace 3 h" in today(desk)[0][1]
    desk.sync(force=True)
    assert state(desk) == desk.control("state")[1][0]


@pytest.mark.long
def test_rejected_rows_and_problems_on_control_are_told(open_desk):
    desk = open_desk("sent")
    desk.paste(
        ["LeadNumber", "email", "email_status"],
        [["900001", "a@b.example", "valid"], ["900002", "b@b.example", "valid"]],
    )
    desk.sync()
    waiting = sum(row[2] not in {"", "reason", "motivo"} for row in desk.cells("Rejected")[1:])
    assert f"{waiting} filas rechazadas esperan" in sentences(desk, "●")
    assert state(desk).endswith(f"{waiting} filas en Rejected por corregir")
    desk.set_control("schedule.5", "B", "muchos")
    desk.sync(force=True)
    assert desk.problems()
    told = [line for line in today(desk) if line[2] == "→ Control"]
    assert any(desk.problems()[0][:60] in sentence for _, sentence, _ in told)
    assert state(desk).startswith("●")


@pytest.mark.long
def test_a_problem_that_is_too_long_for_a_line_ends_with_a_whole_word(open_desk):
    desk = open_desk("initialised")
    desk.set_control("import_kind", "B", "perros de caza")
    desk.sync(now=False)
    (line,) = [line[1] for line in today(desk) if line[2] == "→ Control"]
    quoted, problem = line.split(": ", 1)[1], desk.problems()[0]
    assert quoted.endswith("…")
    assert problem.startswith(quoted[:-1])
    assert problem[len(quoted) - 1] in " ,;:"
    assert 80 < len(quoted) <= 116


@pytest.mark.long
def test_changes_and_the_trend_come_from_history(open_desk):
    """A row of History for each of thirteen weeks: changes since then, and the ratio of what each week brought."""
    desk = open_desk("contacted")
    desk.sync()
    header, *days = desk.cells("History")
    place = {name: n for n, name in enumerate(header)}
    last = days[-1]
    names = ("verification_verified", "verification_completed", "leads_total")
    day = int(last[0])
    rows = []
    for week in range(12, 0, -1):
        row = [""] * len(header)
        row[0] = day - 7 * week
        for name, gain in zip(names, (2, 4, 10), strict=True):
            row[place[name]] = last[place[name]] - gain * week
        rows.append(row)
    desk.structure({"appendDimension": {"sheetId": desk.tab_id("History"), "dimension": "ROWS", "length": 12}})
    table = [*rows, last]
    desk.put("History", "A2", table, who="owner")
    screen = desk.cells("Dashboard")
    gained = screen[places.CARDS + 1][0] - (last[place["leads_total"]] - 10)
    assert screen[places.CARDS + 3][:2] == ["", gained], "History has nothing of yesterday"
    ratios = screen[places.TREND + 2][places.TREND_COLUMN : places.WIDTH]
    cases = screen[places.TREND + 3][places.TREND_COLUMN : places.WIDTH]
    assert ratios[:-1] == [0.5] * (places.WEEKS - 1)
    assert cases[:-1] == [4] * (places.WEEKS - 1)
    # The last seven days end now, not with the last row of History.
    now = {row[10]: row[5] for row in screen[places.ROWS + 1 :] if row[10]}
    above, below = (now[name] - last[place[name]] + gain for name, gain in zip(names[:2], (2, 4), strict=True))
    assert (ratios[-1], cases[-1]) == (pytest.approx(above / below), below)
    assert "en gris" in screen[places.TREND][0]
    desk.put("History", "A2", [[""] for _ in range(11)], who="owner")
    assert "aún no hay dos semanas" in desk.cells("Dashboard")[places.TREND][0]
