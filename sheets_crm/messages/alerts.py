"""Texts of alerts and notices, as Slack, the tab Alerts, Control and a terminal show them: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "alert.stale_batch": (
        "El lote {batch} lleva {days} días fuera; leads sin volver: {out}",
        "Batch {batch} has been out for {days} days; leads not back: {out}",
    ),
    "alert.stale_batch.remedy": (
        "Pega su resultado en Inbox, o márcalo en close, en Batches.",
        "Paste its output into Inbox, or tick close in Batches.",
    ),
    "alert.low_feed": (
        "Los leads listos para enviar duran {days} días",
        "Ready leads last for {days} days",
    ),
    "alert.low_feed.remedy": (
        "Envía leads por los pasos, o importa un export.",
        "Send leads through the steps, or import an export.",
    ),
    "alert.rejected_waiting": (
        "{count} filas rechazadas esperan",
        "{count} rejected rows wait",
    ),
    "alert.rejected_waiting.one": ("{count} fila rechazada espera", "{count} rejected row waits"),
    "alert.rejected_waiting.remedy": (
        "Corrígelas en Rejected y márcalas, o descártalas.",
        "Correct and tick them in Rejected, or discard them.",
    ),
    "alert.source_silent": (
        "De {source} no llega nada desde hace {days} días",
        "Nothing has come from {source} for {days} days",
    ),
    "alert.source_silent.remedy": (
        "Mira si el servicio funciona y si aún envía a la dirección que muestra sheets-crm webhooks urls.",
        "See whether the service works, and still posts to the address that sheets-crm webhooks urls shows.",
    ),
    "alert.job_failed": ("El trabajo {job} falla: {message}", "The job {job} fails: {message}"),
    "alert.job_failed.remedy": (
        "Quien lleva el sistema: sheets-crm job list y sheets-crm doctor dicen más.",
        "Whoever runs the system: sheets-crm job list and sheets-crm doctor say more.",
    ),
    "alert.campaign_stopped": (
        "La campaña {campaign} no envía: {reason}",
        "Campaign {campaign} does not send: {reason}",
    ),
    "alert.campaign_stopped.remedy": (
        "Míralo en el servicio que la envía.",
        "Look at it in the service that sends it.",
    ),
    "alert.cells_80": ("El libro usa el {share} de sus celdas", "The workbook uses {share} of its cells"),
    "alert.cells_80.remedy": (
        "Borra las pestañas propias que no hagan falta, o empieza otro libro.",
        "Delete tabs of your own that are not needed, or begin another workbook.",
    ),
    "alert.opened": ("Aviso: {text}. {remedy}", "Alert: {text}. {remedy}"),
    "alert.opened_urgent": ("Urgente: {text}. {remedy}", "Urgent: {text}. {remedy}"),
    "alert.cleared": ("Resuelto: {text}.", "Resolved: {text}."),
    "alert.digest.opened": ("{count} avisos nuevos:", "{count} new alerts:"),
    "alert.digest.cleared": ("{count} avisos resueltos:", "{count} alerts are resolved:"),
    "alert.on_control": ("Aviso · {text}", "Alert · {text}"),
    "alerts.typed": (
        "Los avisos los pone el sistema",
        "Alerts are made by the system",
    ),
    "alerts.typed.remedy": (
        "Borra esta fila; en las otras puedes marcar «visto» y poner «posponer hasta».",
        "Delete this row; in the others you can tick seen and set snooze_until.",
    ),
    "notices.no_email": (
        "Por correo no se avisa todavía",
        "Nothing is told by e-mail yet",
    ),
    "notices.no_email.remedy": ("Elige slack.", "Choose slack."),
    "notice.reply": ("El lead {lead} respondió ({channel}).", "Lead {lead} replied ({channel})."),
    "notice.question": ("El lead {lead} pregunta algo ({channel}).", "Lead {lead} asks something ({channel})."),
    "notice.positive_reply": (
        "El lead {lead} respondió en positivo ({channel}).",
        "Lead {lead} replied positively ({channel}).",
    ),
    "notice.several": ("{count} cosas han pasado:", "{count} things have happened:"),
    "notice.more": ("… y {count} más", "… and {count} more"),
    "slack.no_address": (
        "En {where} no hay una dirección de webhook de Slack (https://hooks.slack.com/services/…)",
        "{where} holds no address of a Slack webhook (https://hooks.slack.com/services/…)",
    ),
    "slack.webhook.remedy": (
        "En Slack: Apps, Incoming Webhooks, copia la dirección y guárdala con: (umask 077; cat > ARCHIVO).",
        "In Slack: Apps, Incoming Webhooks, copy the address and save it with: (umask 077; cat > FILE).",
    ),
    "slack.revoked": (
        "Slack ya no acepta mensajes en la dirección del webhook ({answer}). Crea otro webhook y guarda su dirección "
        "en el archivo; lo que espera se envía entonces.",
        "Slack takes no messages at the webhook's address any more ({answer}). Create another webhook and save its "
        "address in the file; what waits is sent then.",
    ),
    "slack.later": (
        "Slack no acepta mensajes ahora ({answer}): se vuelve a intentar.",
        "Slack takes no messages now ({answer}): they are tried again.",
    ),
    "slack.unusable": (
        "No se puede avisar por Slack: {reason}. sheets-crm doctor dice qué hacer.",
        "Nothing can be told by Slack: {reason}. sheets-crm doctor says what to do.",
    ),
    "slack.unknown": (
        "De {count} mensajes a Slack no se sabe si llegaron; no se repiten. Míralo en el canal.",
        "Of {count} messages to Slack nobody knows whether they arrived; they are not repeated. Look into the channel.",
    ),
    "slack.unknown.one": (
        "De {count} mensaje a Slack no se sabe si llegó; no se repite. Míralo en el canal.",
        "Of {count} message to Slack nobody knows whether it arrived; it is not repeated. Look into the channel.",
    ),
    "check.alerts": ("avisos", "alerts"),
    "doctor.slack_never": (
        "Slack: todavía no se ha enviado nada",
        "Slack: nothing was sent yet",
    ),
    "doctor.slack_answered": (
        "Slack: contestó {answer} el {when}",
        "Slack: it answered {answer} at {when}",
    ),
    "doctor.slack_remedy": (
        "Mira si el webhook existe todavía en Slack y si esta máquina llega a él; lo que espera se intenta otra vez.",
        "See whether the webhook still exists in Slack and this machine reaches it; what waits is tried again.",
    ),
    "doctor.slack_unknown_remedy": (
        "Busca en el canal los últimos avisos; si falta uno, está en el libro.",
        "Look for the latest alerts in the channel; one that is missing is in the workbook.",
    ),
    "setting.no_time": ('no es una hora como "20:00"', 'not a time of day such as "20:00"'),
    "setting.quiet_hours": (
        "quiet_from y quiet_to van juntos, y son horas distintas",
        "quiet_from and quiet_to come together, and are different times",
    ),
    "setting.webhook_itself": (
        "la dirección del webhook es un secreto: guárdala en un archivo y nómbralo en slack_webhook_file, o ponla en "
        "la variable {variable}",
        "the webhook's address is a secret: save it in a file and name that in slack_webhook_file, or put it into the "
        "variable {variable}",
    ),
    "setting.no_mailboxes": (
        "esta versión todavía no envía correos: faltan los buzones, [[email.mailboxes]]; quítalo",
        "this version sends no e-mails yet: it has no mailboxes, [[email.mailboxes]]; remove it",
    ),
}
