"""Texts of the Dashboard's first screen and of Versions."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "morning.greeting.morning": ("Buenos días", "Good morning"),
    "morning.greeting.afternoon": ("Buenas tardes", "Good afternoon"),
    "morning.greeting.evening": ("Buenas noches", "Good evening"),
    "morning.date": ("dddd d mmm", "dddd d mmm"),
    "morning.today": ("Hoy", "Today"),
    "morning.now": ("● Hoy", "● Today"),
    "morning.soon": ("▲ Por hacer", "▲ To do"),
    "morning.calm": ("✓ Bien", "✓ Fine"),
    "morning.minutes": ("{n} min", "{n} min"),
    "morning.hours": ("{n} h", "{n} h"),
    "morning.days": ("{n} días", "{n} days"),
    "morning.silent": (
        "El sistema no da señal desde hace {age}: nada se envía ni se recoge. Mira si su proceso está en marcha.",
        "The system has given no sign for {age}: nothing is sent or taken. See whether its process is running.",
    ),
    "morning.problems": ("{count} problemas. El primero: {first}", "{count} problems. The first: {first}"),
    "morning.problems.one": ("{count} problema: {first}", "{count} problem: {first}"),
    "morning.unequal": (
        "Las cuentas no cuadran en algún paso: no envíes nada hasta saber por qué.",
        "Counts do not add up in some step: send nothing until you know why.",
    ),
    "morning.conversations": (
        "{count} respuestas esperan a que contestes",
        "{count} replies wait for your answer",
    ),
    "morning.conversations.one": (
        "{count} respuesta espera a que contestes",
        "{count} reply waits for your answer",
    ),
    "morning.late": (
        "{count} lotes tardan. El más viejo, {batch}, lleva {days} días fuera; leads sin volver: {out}. "
        "Pega su resultado o ciérralo.",
        "{count} batches are late. The oldest, {batch}, has been out for {days} days; leads not back: {out}. "
        "Paste its output or close it.",
    ),
    "morning.late.one": (
        "{count} lote tarda: {batch} lleva {days} días fuera; leads sin volver: {out}. Pega su resultado o ciérralo.",
        "{count} batch is late: {batch} has been out for {days} days; leads not back: {out}. Paste its output or close "
        "it.",
    ),
    "morning.rejected": (
        "{count} filas rechazadas esperan: corrígelas y márcalas, o descártalas.",
        "{count} rejected rows wait: correct and tick them, or discard them.",
    ),
    "morning.rejected.one": (
        "{count} fila rechazada espera: corrígela y márcala, o descártala.",
        "{count} rejected row waits: correct and tick it, or discard it.",
    ),
    "morning.feed.send": (
        "Instantly tiene leads para {days} días y en camino para {more}: envía leads por los pasos, no hace falta "
        "otro export.",
        "Instantly has leads for {days} days, and {more} on their way: send leads through the steps, no export is "
        "needed.",
    ),
    "morning.feed.export": (
        "Instantly tiene leads para {days} días y en camino solo para {more}: importa un export y envía leads por "
        "los pasos.",
        "Instantly has leads for {days} days, and only {more} on their way: import an export and send leads through "
        "the steps.",
    ),
    "morning.feed.unknown": (
        "Instantly tiene leads para {days} días: envía leads por los pasos. Lo que está en camino aún no se puede "
        "estimar.",
        "Instantly has leads for {days} days: send leads through the steps. What is on its way cannot be estimated "
        "yet.",
    ),
    "morning.export": (
        "Próximo export antes del {date}: los leads disponibles y en camino no duran más.",
        "Next export by {date}: ready leads and those on their way last no longer.",
    ),
    "morning.export.late": (
        "El próximo export era para el {date}: los disponibles y en camino no llegan. Impórtalo hoy.",
        "The next export was due on {date}: ready leads and those on their way fall short. Import it today.",
    ),
    "morning.first": (
        "Aún no hay leads: pega tu primer export en Inbox, con sus cabeceras.",
        "There are no leads yet: paste your first export into Inbox, with its headers.",
    ),
    "morning.ready": (
        "{count} leads esperan {step}: marca los que quieras enviar.",
        "{count} leads wait for {step}: tick those that you want to send.",
    ),
    "morning.ready.one": (
        "{count} lead espera {step}: márcalo para enviarlo.",
        "{count} lead waits for {step}: tick it to send it.",
    ),
    "morning.nothing": ("Nada urgente.", "Nothing urgent."),
    "morning.nothing.export": (
        "Nada urgente. Lo próximo: un export antes del {date}.",
        "Nothing urgent. Next: an export by {date}.",
    ),
    "card.leads_total": ("Leads", "Leads"),
    "card.verification_verified": ("Verificados", "Verified"),
    "card.company_scrap_completed": ("Con scrap", "Scraped"),
    "card.box1_hit": ("FIT&HIT", "FIT&HIT"),
    "card.instantly_sent": ("A Instantly", "To Instantly"),
    "card.instantly_replied": ("Respuestas", "Replies"),
    "card.instantly_positive": ("Resp. positivas", "Positive replies"),
    "card.instantly_converted": ("Conversiones", "Conversions"),
    "card.of": ('"de "#,##0', '"of "#,##0'),
    "card.day": ('+#,##0" en 1 d";-#,##0" en 1 d";"= en 1 d"', '+#,##0" in 1 d";-#,##0" in 1 d";"= in 1 d"'),
    "card.week": ('+#,##0" en 7 d";-#,##0" en 7 d";"= en 7 d"', '+#,##0" in 7 d";-#,##0" in 7 d";"= in 7 d"'),
    "funnel.title": ("Embudo", "Funnel"),
    "funnel.count": ("leads", "leads"),
    "funnel.share": ("% del anterior", "% of the former"),
    "funnel.waiting": ("en cola", "queued"),
    "feed.title": ("Feed de Instantly", "Instantly's feed"),
    "feed.days": ("días", "days"),
    "feed.ready": ("Listos para enviar", "Ready to send"),
    "feed.coming": ("En camino", "On their way"),
    "feed.until": ("Lo listo dura hasta", "Ready lasts until"),
    "feed.export": ("Próximo export antes del", "Next export by"),
    "feed.low": ("● escaso", "● low"),
    "feed.short": ("▲ justo", "▲ short"),
    "feed.fine": ("✓ de sobra", "✓ plenty"),
    "feed.today": ("● hoy", "● today"),
    "feed.soon": ("▲ pronto", "▲ soon"),
    "health.title": ("Salud", "Health"),
    "health.equal": ("Las cuentas cuadran", "Counts add up"),
    "health.yes": ("✓ sí", "✓ yes"),
    "health.no": ("● NO", "● NO"),
    "health.cells": ("Celdas usadas", "Cells used"),
    "trend.title": (
        "Ratios cada 7 días, hasta la mañana del día que se indica",
        "Ratios of each 7 days, up to the morning of the day shown",
    ),
    "trend.grey": (" · en gris, menos de {least} casos", " · grey: fewer than {least} cases"),
    "trend.none": (" · aún no hay dos semanas de historia", " · there are no two weeks of history yet"),
    "trend.cases": ("casos", "cases"),
    "trend.verification": ("Verificación", "Verification"),
    "trend.hit": ("FIT&HIT", "FIT&HIT"),
    "trend.reply": ("Respuesta", "Reply"),
    "trend.positive": ("Positivas", "Positive"),
    "trend.conversion": ("Conversión", "Conversion"),
    "trend.day": ("d mmm", "d mmm"),
    "breakdown.versions": (
        "Por versión de Box 1 · rangos al 95 % · en gris, menos de 20 casos · diferencias: χ², el 5 % repartido entre "
        "{ratios} ratios",
        "By Box 1 version · 95 % ranges · grey: fewer than 20 cases · differences: χ², 5 % shared out among {ratios} "
        "ratios",
    ),
    "breakdown.prompt": ("Por versión del prompt {number}", "By version of prompt {number}"),
    "breakdown.targets": ("Por TargetID", "By TargetID"),
    "breakdown.no_target": ("(sin TargetID)", "(no TargetID)"),
    "breakdown.chance.differ": ("difieren más allá del azar", "differ beyond chance"),
    "breakdown.chance.equal": ("sin diferencia más allá del azar", "no difference beyond chance"),
    "breakdown.chance.few": ("pocos casos para comparar", "too few cases to compare"),
    "breakdown.explained": (
        "Aquí suman # resultados y el Dashboard dice #: aquí cuentan también los de envíos anteriores de leads "
        "reabiertos, que guarda Box1 History: #",
        "These add up to # results and the Dashboard says #: those of earlier sends of reopened leads count here too, "
        "as Box1 History keeps them: #",
    ),
    "breakdown.head.version": ("versión", "version"),
    "breakdown.head.results": ("result.", "results"),
    "breakdown.head.hit": ("FIT&HIT", "FIT&HIT"),
    "breakdown.head.nohit": ("noHIT", "noHIT"),
    "breakdown.head.drop": ("DROP", "DROP"),
    "breakdown.head.hit_ratio": ("% HIT", "% HIT"),
    "breakdown.head.sent": ("enviados", "sent"),
    "breakdown.head.replies": ("resp.", "replies"),
    "breakdown.head.reply_ratio": ("% resp.", "% reply"),
    "breakdown.head.positive": ("positivas", "positive"),
    "breakdown.head.positive_ratio": ("% posit.", "% posit."),
    "breakdown.head.converted": ("convers.", "convers."),
    "breakdown.head.conversion_ratio": ("% conv.", "% conv."),
    "breakdown.head.target": ("TargetID", "TargetID"),
    "breakdown.head.leads": ("leads", "leads"),
    "breakdown.head.verified": ("verif.", "verified"),
    "breakdown.head.verification_ratio": ("% verif.", "% verif."),
    "breakdown.head.scraped": ("con scrap", "scraped"),
    **{
        f"breakdown.head.{ratio}_{end}": words
        for ratio in ("verification", "hit", "reply", "positive", "conversion")
        for end, words in (("low", ("de", "from")), ("high", ("a", "to")))
    },
}
