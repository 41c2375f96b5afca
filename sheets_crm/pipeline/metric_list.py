"""The metrics of the dashboard, declared once: id, section, kind, the owner's words, and the exact definition.

Source: the owner's document, "Cosas que debe de decir el Dashboard" and section 11. The worker's figures and the
dashboard's formulas follow from this list; the documentation is checked against it. A metric counts by tallies
(`sheets_crm.pipeline.tallies`): it names one, or declares its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from sheets_crm.pipeline.columns import ENTERS
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.states import BLOCKED, COMPLETED, READY, STATES
from sheets_crm.pipeline.steps import BUILT_IN, STEPS
from sheets_crm.pipeline.tallies import TALLIES, Tally, in_state, of_step, one_of

MetricKind = Literal["count", "ratio", "days", "date", "moment", "flag"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the dashboard and its title in both languages.

    Attributes:
        id: Its id.
        title_es: Its title in Spanish.
        title_en: Its title in English.
        step: Name of the built-in step whose figures it shows; "" for those of every workbook.
    """

    id: str
    title_es: str
    title_en: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of the dashboard.

    Attributes:
        id: Stable name, in the Dashboard's last column, History's header and ``status --json``.
        section: Id of its section.
        kind: ``count`` (leads), ``ratio`` (0 to 1), ``days``, ``date`` and ``moment`` (serial numbers), ``flag``.
        label_es: The owner's own words.
        label_en: The same in English.
        meaning: The exact definition, in terms of tallies, other metric ids and Control's settings.
        numerator: Id of a tally: of a ratio the one above the line, of a count of leads the one it shows.
        denominator: For a ratio the id of the tally below the line.
        tallies: The tallies of leads that it counts by.
        of: For an estimate the estimate before it in the chain.
        times: For an estimate the ratio that the one before it is multiplied by.
        behind: For an estimate the count of the leads that entered behind its step, to whom that ratio does not apply.
        sampled: For a ratio, whether it estimates a rate from a sample, so that a 95 % interval makes sense.
        if_any: For a count, whether its line shows itself only where there is such a lead.
    """

    id: str
    section: str
    kind: MetricKind
    label_es: str
    label_en: str
    meaning: str
    numerator: str = ""
    denominator: str = ""
    tallies: tuple[Tally, ...] = ()
    of: str = ""
    times: str = ""
    behind: str = ""
    sampled: bool = True
    if_any: bool = False


SECTIONS: Final = (
    Section("leads", "Leads", "Leads"),
    Section("verification", "Verification", "Verification", "verification"),
    Section("company_scrap", "Company Scrap", "Company Scrap", "company_scrap"),
    Section("box1", "Box 1", "Box 1", "box1"),
    Section("instantly", "Instantly", "Instantly", "instantly"),
    Section("estimation", "Zona estimación", "Estimation"),
    Section("feeding", "Feeding de Instantly", "Feeding", "instantly"),
    Section("health", "Salud del sistema", "Health"),
    Section("counts", "Recuentos de los ratios", "Counts behind the ratios"),
)

_BY_ID: Final = MappingProxyType(dict(TALLIES) | {k: v for step in STEPS for k, v in of_step(step).items()})


def _tally(tally: str | Tally) -> Tally:
    return tally if isinstance(tally, Tally) else _BY_ID[tally]


def _count(metric: str, section: str, tally: str | Tally, spanish: str, english: str) -> Metric:
    counted = _tally(tally)
    meaning = f"number of leads: {counted.meaning}"
    return Metric(metric, section, "count", spanish, english, meaning, numerator=counted.id, tallies=(counted,))


def _ratio(
    metric: str, section: str, share: tuple[str | Tally, str | Tally], spanish: str, english: str
) -> Metric:
    above, below = map(_tally, share)
    meaning = f"{above.id} / {below.id}; blank when {below.id} is 0"
    return Metric(
        metric,
        section,
        "ratio",
        spanish,
        english,
        meaning,
        numerator=above.id,
        denominator=below.id,
        tallies=(above, below),
    )


def _estimate(metric: str, of: str, times: str, spanish: str, english: str, *, behind: str = "") -> Metric:
    product = _product(of, times, behind)
    return Metric(metric, "estimation", "count", spanish, english, product, of=of, times=times, behind=behind)


def _product(of: str, times: str, behind: str) -> str:
    if behind:
        return (
            f"({of} - {behind}) * {times} + {behind}; blank when {of} is blank, or {times} is unless {of} is "
            f"{behind} and not 0; not rounded"
        )
    return f"{of} * {times}; blank when either is blank; not rounded"


def _entered_behind(step: str, spanish: str, english: str) -> Metric:
    later = BUILT_IN[BUILT_IN.index(step) + 1 :]
    tally = Tally(f"entered_behind_{step}", (one_of(ENTERS, *later),))
    return _count(
        tally.id,
        "counts",
        tally,
        f"Leads que entraron detrás de {spanish}",
        f"Leads that entered behind {english}",
    )


_ON_ITS_WAY: Final = " or ".join(state.name for state in STATES if state.on_its_way)
_STATES: Final = " + ".join(state.name for state in STATES)

_VERIFICATION: Final = (
    _count(
        "verification_available",
        "verification",
        "verification_ready",
        "Total leads actualmente para input de verification",
        "Leads now in the input of verification",
    ),
    _count(
        "verification_sent",
        "verification",
        "verification_sent",
        "Total leads enviados a verificación",
        "Leads sent to verification",
    ),
    _count(
        "verification_verified",
        "verification",
        "verification_verified",
        "Total leads verificados ahora mismo",
        "Leads verified right now",
    ),
    _ratio(
        "verification_ratio",
        "verification",
        ("verification_verified", "verification_completed"),
        "Ratio de verification ahora mismo",
        "Verification ratio right now",
    ),
    _count(
        "verified_with_company_url",
        "verification",
        "verified_with_company_url",
        "Cantidad de leads verificados con compUrl ahora mismo",
        "Verified leads with company URL right now",
    ),
    _ratio(
        "verified_with_company_url_ratio",
        "verification",
        ("verified_with_company_url", "verification_verified"),
        "Ratio de leads verificados con compUrl (del total de verificados)",
        "Ratio of verified leads with company URL (of the verified)",
    ),
    _count(
        "leads_with_company_url",
        "verification",
        "leads_with_company_url",
        "Total leads con compUrl",
        "Leads with company URL",
    ),
    _ratio(
        "leads_with_company_url_ratio",
        "verification",
        ("leads_with_company_url", "leads_total"),
        "Ratio de leads con compUrl (del total)",
        "Ratio of leads with company URL (of the total)",
    ),
)
_COMPANY_SCRAP: Final = (
    _count(
        "company_scrap_available",
        "company_scrap",
        "company_scrap_ready",
        "Total leads actualmente para input de company scrap",
        "Leads now in the input of company scrap",
    ),
    _count(
        "company_scrap_sent",
        "company_scrap",
        "company_scrap_sent",
        "Total de leads enviados a compScrap",
        "Leads sent to company scrap",
    ),
    _count(
        "company_scrap_completed",
        "company_scrap",
        "company_scrap_completed",
        "Total leads con compScrap",
        "Leads with company scrap",
    ),
    _ratio(
        "company_scrap_ratio",
        "company_scrap",
        ("company_scrap_completed", "company_scrap_sent"),
        "Ratio de scrap (con compScrap sobre enviados a compScrap)",
        "Scrap ratio (with company scrap of those sent)",
    ),
    _count(
        "company_scrap_blank",
        "company_scrap",
        "company_scrap_blank",
        "De los completados, cerrados sin datos de empresa",
        "Of the completed, closed without company data",
    ),
    _ratio(
        "company_scrap_data_ratio",
        "company_scrap",
        ("company_scrap_with_data", "company_scrap_completed"),
        "Ratio de scrap con datos (sobre lo que ha vuelto; con él se estima)",
        "Scrap ratio with data (of what has come back; estimates use it)",
    ),
)
_BOX_1: Final = (
    _count(
        "box1_available",
        "box1",
        "box1_ready",
        "Total leads actualmente para input de box 1",
        "Leads now in the input of Box 1",
    ),
    _count("box1_sent", "box1", "box1_sent", "Total leads enviados a box1", "Leads sent to Box 1"),
    _count("box1_drop", "box1", "box1_drop", "Total leads DROP", "DROP leads"),
    _ratio("box1_drop_ratio", "box1", ("box1_drop", "box1_completed"), "Ratio de DROP", "DROP ratio"),
    _ratio("box1_fit_ratio", "box1", ("box1_fit", "box1_completed"), "Ratio de FIT", "FIT ratio"),
    _count(
        "box1_storage",
        "box1",
        "box1_storage",
        "Total Leads FIT pero noHIT (almacenamiento)",
        "FIT but noHIT leads (storage)",
    ),
    _ratio(
        "box1_storage_ratio",
        "box1",
        ("box1_storage", "box1_completed"),
        "Ratio de Almacenamiento",
        "Storage ratio",
    ),
    _ratio("box1_hit_ratio", "box1", ("box1_hit", "box1_completed"), "Ratio de FIT&HIT", "FIT&HIT ratio"),
)
_INSTANTLY: Final = (
    _count(
        "instantly_ready",
        "instantly",
        "instantly_ready",
        "Total leads actualmente listos para enviar a Instantly",
        "Leads now ready to send to Instantly",
    ),
    _count(
        "instantly_sent",
        "instantly",
        "instantly_sent",
        "Total leads enviados a Instantly",
        "Leads sent to Instantly",
    ),
    _ratio(
        "instantly_reply_ratio",
        "instantly",
        ("instantly_replied", "instantly_sent"),
        "Ratio de respuesta",
        "Reply ratio",
    ),
    _ratio(
        "instantly_positive_ratio",
        "instantly",
        ("instantly_positive", "instantly_sent"),
        "Ratio de respuesta positiva",
        "Positive reply ratio",
    ),
    _ratio(
        "instantly_conversion_ratio",
        "instantly",
        ("instantly_converted", "instantly_positive"),
        "Ratio de conversión",
        "Conversion ratio",
    ),
    replace(
        _count("instantly_bounced", "instantly", "instantly_bounced", "Leads rebotados", "Bounced leads"),
        if_any=True,
    ),
    replace(
        _count(
            "instantly_unsubscribed",
            "instantly",
            "instantly_unsubscribed",
            "Leads dados de baja",
            "Unsubscribed leads",
        ),
        if_any=True,
    ),
)
_ESTIMATION: Final = (
    _count("estimate_total", "estimation", "leads_total", "Total (de export)", "Total (of export)"),
    _estimate(
        "estimate_verified",
        "estimate_total",
        "verification_ratio",
        "Estimado verificado",
        "Estimated verified",
        behind="entered_behind_verification",
    ),
    _estimate(
        "estimate_company_scrap",
        "estimate_verified",
        "company_scrap_data_ratio",
        "Estimado compScrap",
        "Estimated company scrap",
        behind="entered_behind_company_scrap",
    ),
    _estimate(
        "estimate_hit",
        "estimate_company_scrap",
        "box1_hit_ratio",
        "Estimado FIT&HIT",
        "Estimated FIT&HIT",
        behind="entered_behind_box1",
    ),
    _estimate(
        "estimate_positive",
        "estimate_hit",
        "instantly_positive_ratio",
        "Estimado respuesta positiva",
        "Estimated positive reply",
    ),
    _estimate(
        "estimate_converted",
        "estimate_positive",
        "instantly_conversion_ratio",
        "Estimado conversión",
        "Estimated conversion",
    ),
)
_A_SENDING_DAY: Final = "(sum of the schedule / number of its weekdays above 0)"


def _with_pipeline(passing: Sequence[tuple[str, str]]) -> str:
    """The definition of the days of feeding with the leads on their way, given the ratios of the steps before."""
    if not passing:
        return f"instantly_ready / {_A_SENDING_DAY}; blank when the schedule is all 0"
    ratios = [ratio for _, ratio in passing]
    letters = [step[0].upper() for step, _ in passing]
    terms = [" * ".join((letter, *ratios[n:])) for n, letter in enumerate(letters)]
    return (
        f"({' + '.join(('instantly_ready', *reversed(terms)))}) / {_A_SENDING_DAY}, where "
        f"{_joined(letters, 'and')} are the leads {_ON_ITS_WAY} in {_joined([step for step, _ in passing], 'and')}; "
        f"a term whose {_joined(letters, 'or')} is 0 is 0; blank when a ratio of another term is blank, or the "
        "schedule is all 0"
    )


def _joined(words: Sequence[str], last: str) -> str:
    *first, end = reversed(words)
    return f"{', '.join(first)} {last} {end}" if first else end


def _next_export(step: Step | None) -> str:
    """The definition of the date of the next export, given the last step before the leads are contacted."""
    last = (
        "the first date, as in feed_until, by which the schedule adds up to the leads of feed_days_with_pipeline, "
        "ready and expected from those on their way (to six decimals),"
    )
    blank = "blank when feed_days_with_pipeline is blank"
    if step is None:
        return f"{last} less the days of the setting lead_days, rounded up; {blank}"
    return (
        f"{last} less the whole days, rounded up, that a lead takes: the median of "
        f"{step.completed_at} - imported_at over the leads whose {step.status} is completed and that have both, or "
        f"Control's setting while there is none; {blank}"
    )


_RUNWAY: Final = (
    Metric(
        "feed_days",
        "feeding",
        "days",
        "Días de feeding disponibles para Instantly según sending schedule",
        "Days of feeding available to Instantly under the sending schedule",
        f"instantly_ready / {_A_SENDING_DAY}: sending days, not rounded; blank when the schedule is all 0",
    ),
    Metric(
        "feed_until",
        "feeding",
        "date",
        "Feeding disponible hasta",
        "Feeding lasts until",
        "the first date, counting today as a sending day, by which the schedule of the weekdays from today on "
        "adds up to instantly_ready or more; today when instantly_ready is 0; blank when the schedule is all 0",
    ),
    Metric(
        "feed_days_with_pipeline",
        "feeding",
        "days",
        "Días de feeding con los leads en camino",
        "Days of feeding with the leads on their way",
        _with_pipeline(
            (
                ("verification", "verification_ratio"),
                ("company_scrap", "company_scrap_data_ratio"),
                ("box1", "box1_hit_ratio"),
            )
        ),
    ),
    Metric(
        "next_export_by",
        "feeding",
        "date",
        "Próximo export antes del",
        "Next export by",
        _next_export(STEPS[-2]),
    ),
)
_HEALTH: Final = (
    Metric(
        "conservation_ok",
        "health",
        "flag",
        "Cuentas cuadran en cada paso",
        "Counts add up in every step",
        f"TRUE when for every step {_STATES} is leads_total, and ready is the number of rows in the step's input tab",
    ),
    Metric(
        "last_run_at",
        "health",
        "moment",
        "Última ejecución con cambios",
        "Last run that changed something",
        "when the last run that changed something was; blank before the first",
    ),
    Metric(
        "cells_used_ratio",
        "health",
        "ratio",
        "Celdas usadas del límite",
        "Cells used of the limit",
        "cells in the grids of all tabs / 10 million",
        numerator="cells_used",
        denominator="cells_limit",
        sampled=False,
    ),
)
_LEADS: Final = (
    _count("leads_total", "leads", "leads_total", "Total leads (de export)", "Total leads (of export)"),
)
_COUNTS: Final = (
    _count(
        "verification_completed",
        "counts",
        "verification_completed",
        "Leads con verificación completada",
        "Leads with verification completed",
    ),
    _count(
        "box1_completed", "counts", "box1_completed", "Leads con Box 1 completado", "Leads with Box 1 completed"
    ),
    _count("box1_hit", "counts", "box1_hit", "Total leads FIT&HIT", "FIT&HIT leads"),
    _count(
        "instantly_replied", "counts", "instantly_replied", "Leads que han respondido", "Leads that have replied"
    ),
    _count(
        "instantly_positive",
        "counts",
        "instantly_positive",
        "Leads con respuesta positiva",
        "Leads with a positive reply",
    ),
    _count("instantly_converted", "counts", "instantly_converted", "Leads convertidos", "Converted leads"),
    _entered_behind("verification", "verification", "verification"),
    _entered_behind("company_scrap", "company scrap", "company scrap"),
    _entered_behind("box1", "Box 1", "Box 1"),
)
"""Counts that the owner's list lacks: those that History follows for the ratios of a week, and those by which estimates
leave out who entered behind a step."""

SENDING_LABELS: Final = MappingProxyType(
    {BLOCKED: ("Leads bloqueados por No contactar", "Leads on Do not contact")}
)
"""Labels, in Spanish and English, of the counts of states that modules add, by what the sheet holds."""

METRICS: Final = (
    *_LEADS,
    *_VERIFICATION,
    *_COMPANY_SCRAP,
    *_BOX_1,
    *_INSTANTLY,
    *_ESTIMATION,
    *_RUNWAY,
    *_HEALTH,
    *_COUNTS,
)


@lru_cache(maxsize=8)
def sections(schema: Schema) -> tuple[Section, ...]:
    """The sections of a workbook's dashboard: the owner's that hold a metric, then one for each custom step."""
    filled = {metric.section for metric in metrics(schema)}
    owner = tuple(section for section in SECTIONS if section.id in filled)
    return (*owner, *(Section(step.name, step.title, step.title) for step in schema.custom))


@lru_cache(maxsize=8)
def metrics(schema: Schema) -> tuple[Metric, ...]:
    """The metrics of a workbook: the owner's in his order, those of modules, then four for each custom step.

    Those of a step that is not in use are left out, with what counts by its columns; a chain of estimates goes on
    without its link.
    """
    custom = (metric for step in schema.custom for metric in _of_custom(step))
    if not schema.sending_states:
        return (*_in_use(schema), *custom)
    counted = (replace(metric, meaning=_conservation(schema, metric.meaning)) for metric in _in_use(schema))
    return (*counted, *_of_sending_states(schema), *custom)


def _conservation(schema: Schema, meaning: str) -> str:
    """A definition with the states that modules add, where it lists the states."""
    added = " + ".join(state.name for state in schema.sending_states)
    return meaning.replace(_STATES, f"{_STATES} (and, where leads are contacted, + {added})")


def _of_sending_states(schema: Schema) -> Iterator[Metric]:
    """Yield the counts of the states that modules add to the steps that contact leads."""
    for step in schema.sending_steps:
        for state in schema.sending_states:
            tally = in_state(step, state)
            yield replace(_count(tally.id, step.name, tally, *SENDING_LABELS[state.cell]), if_any=True)


def _in_use(schema: Schema) -> tuple[Metric, ...]:
    if not schema.left_out:
        return METRICS
    left_out = {step.name for step in schema.left_out}
    sections_out = {section.id for section in SECTIONS if section.step in left_out}
    owner = {metric.id: metric for metric in METRICS}
    ids = {
        metric.id
        for metric in METRICS
        if metric.section not in sections_out and all(map(schema.has, _columns(metric)))
    }
    unlinked = {metric for metric in METRICS if metric.times and metric.times not in ids}
    ids -= {name for metric in unlinked for name in (metric.id, metric.behind)}
    kept = [_linked(metric, owner, ids) for metric in METRICS if metric.id in ids]
    meanings = {
        "feed_days_with_pipeline": _with_pipeline(_passing(kept, schema)),
        "next_export_by": _next_export(schema.last_before_sending),
    }
    return tuple(replace(metric, meaning=meanings.get(metric.id, metric.meaning)) for metric in kept)


def _columns(metric: Metric) -> set[str]:
    return {need.column for tally in metric.tallies for clause in tally.clauses for need in clause}


def _linked(metric: Metric, owner: Mapping[str, Metric], ids: Collection[str]) -> Metric:
    """An estimate that multiplies the nearest estimate before it that is in use."""
    of = metric.of
    while of and of not in ids:
        of = owner[of].of
    return metric if of == metric.of else replace(metric, of=of, meaning=_product(of, metric.times, metric.behind))


def passing(schema: Schema) -> tuple[tuple[str, str], ...]:
    """The steps in use before the leads are contacted, each with the ratio of the leads that pass it.

    These are the ratios that the estimates multiply.
    """
    return _passing(metrics(schema), schema)


def _passing(listed: Sequence[Metric], schema: Schema) -> tuple[tuple[str, str], ...]:
    sections_of = {metric.id: metric.section for metric in listed}
    chain = [(sections_of[metric.times], metric.times) for metric in listed if metric.times]
    return tuple((step, ratio) for step, ratio in chain if not schema.step(step).sending)


def custom_ids(step: Step) -> tuple[str, ...]:
    """The ids of the four metrics of a custom step."""
    return tuple(metric.id for metric in _of_custom(step))


@lru_cache(maxsize=8)
def tallies(schema: Schema) -> Mapping[str, Tally]:
    """Everything that a workbook's leads are counted by, by id.

    The shared tallies, those of every step's states, and those that a metric declares itself.
    """
    counted = {
        name: tally
        for name, tally in TALLIES.items()
        if all(schema.has(need.column) for clause in tally.clauses for need in clause)
    }
    for step in schema.steps:
        counted |= of_step(step, schema.states_of(step))
    for metric in metrics(schema):
        counted |= {tally.id: tally for tally in metric.tallies}
    return MappingProxyType(counted)


def _of_custom(step: Step) -> Iterator[Metric]:
    name, title = step.name, step.title
    counted = of_step(step)
    sent, done = counted[step.sent], counted[f"{name}_{COMPLETED}"]
    yield _count(
        f"{name}_available",
        name,
        counted[f"{name}_{READY}"],
        f"Total leads actualmente para input de {title}",
        f"Leads now in the input of {title}",
    )
    yield _count(f"{name}_sent", name, sent, f"Total leads enviados a {title}", f"Leads sent to {title}")
    yield _count(
        f"{name}_completed",
        name,
        done,
        f"Total leads con {title} completado",
        f"Leads with {title} completed",
    )
    yield _ratio(
        f"{name}_ratio",
        name,
        (done, sent),
        f"Ratio de {title} (completados sobre enviados)",
        f"{title} ratio (completed of those sent)",
    )
