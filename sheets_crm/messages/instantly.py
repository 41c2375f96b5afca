"""Texts about Instantly's API, as a terminal and Control show them: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "instantly.key.not_set": (
        "Falta la clave de Instantly",
        "Instantly's API key is not set",
    ),
    "instantly.key.none": (
        "{place} no contiene una clave de Instantly: tiene que ser una sola palabra, sin nada más.",
        "{place} does not hold an API key of Instantly: it has to be a single word and nothing else.",
    ),
    "instantly.key.remedy": (
        "Crea una clave en Instantly (Settings > Integrations > API Keys), ponla sola en un archivo con modo 600 y da "
        "su ruta en `api_key_file`, bajo [instantly]; o ponla en la variable {variable}.",
        "Make a key in Instantly (Settings > Integrations > API Keys), put it alone in a file with mode 600, and give "
        "its path in `api_key_file`, under [instantly]; or put it in the variable {variable}.",
    ),
    "instantly.endpoint": ("[instantly] endpoint: {problem}", "[instantly] endpoint: {problem}"),
    "conversations.no_lead": (
        "No hay ningún lead {lead}.",
        "There is no lead {lead}.",
    ),
    "conversations.no_lead.remedy": (
        "Escribe en `lead` un LeadNumber del Master.",
        "Type a LeadNumber of the Master into `lead`.",
    ),
    "conversations.no_sending": (
        "La respuesta no se ha enviado: desde aquí aún no se puede.",
        "The reply was not sent: that is not possible from here yet.",
    ),
    "conversations.no_sending.remedy": (
        "Responde en la bandeja de Instantly; lo que se escribe ahí aparece aquí.",
        "Answer in Instantly's inbox; what is written there shows up here.",
    ),
    "label_unanswered": (
        "La etiqueta no tiene significado.",
        "The label has no meaning.",
    ),
    "label_unanswered.remedy": (
        "Elige en `instantly_status` qué significa; hasta entonces no cambia a nadie.",
        "Choose in `instantly_status` what it means; until then it changes nobody.",
    ),
    "instantly.unreachable": ("no se pudo conectar ({kind})", "no connection could be made ({kind})"),
    "instantly.redirect": (
        "HTTP {status}: remite a otra dirección",
        "HTTP {status}: it refers to another address",
    ),
    "instantly.redirect.remedy": (
        "Corrige `endpoint` bajo [instantly]: no se sigue a otra dirección con la clave.",
        "Correct `endpoint` under [instantly]: the key is not taken to another address.",
    ),
    "instantly.not_the_services": (
        "una respuesta que no es la de Instantly",
        "a response that is not Instantly's",
    ),
    "instantly.wrong_field": (
        "{what}: el campo {field} es {found} y debería ser {expected}",
        "{what}: the field {field} is {found} and should be {expected}",
    ),
    "instantly.shape.remedy": (
        "Repítelo. Si vuelve a pasar, Instantly ha cambiado sus respuestas y hace falta otra versión del programa.",
        "Run again. If it happens again, Instantly has changed its responses, and another version of the program is "
        "needed.",
    ),
    "instantly.failed": ("La petición a Instantly falló: {reason}.", "The request to Instantly failed: {reason}."),
    "instantly.goes_round": (
        "La lista de Instantly no termina: la misma página empezó dos veces.",
        "Instantly's list has no end: the same page began twice.",
    ),
    "instantly.not_answering": (
        "Instantly no respondió bien durante {seconds:.0f} s: {reason}.",
        "Instantly did not respond properly for {seconds:.0f} s: {reason}.",
    ),
    "instantly.maybe_done": (
        "Puede haberse hecho o no; hacerlo otra vez no cambia nada.",
        "It may or may not have been done; doing it again changes nothing.",
    ),
    "instantly.nobody_knows": (
        "Nadie sabe si se hizo.",
        "Nobody knows whether it was done.",
    ),
    "instantly.nobody_knows.remedy": (
        "Míralo en Instantly antes de hacerlo otra vez.",
        "Look in Instantly before doing it again.",
    ),
    "instantly.key_refused": (
        "Instantly no acepta la clave: {reason}.",
        "Instantly does not accept the API key: {reason}.",
    ),
    "instantly.key_refused.remedy": (
        "Revisa en Instantly que la clave exista y que tenga los permisos que hacen falta, y que `api_key_file` nombre "
        "su archivo.",
        "Check in Instantly that the key exists and has the scopes that are needed, and that `api_key_file` names its "
        "file.",
    ),
    "instantly.no_plan": (
        "El plan de Instantly no incluye la API: {reason}.",
        "The plan of the Instantly workspace does not include the API: {reason}.",
    ),
    "instantly.no_plan.remedy": (
        "Activa en Instantly un plan con API, o quita instantly de `modules`.",
        "Activate a plan with the API in Instantly, or take instantly out of `modules`.",
    ),
    "instantly.not_there": (
        "Instantly no tiene lo que se le pide: {reason}.",
        "Instantly does not have what is asked for: {reason}.",
    ),
    "instantly.not_there.remedy": (
        "Revisa que la campaña, el correo o el webhook siga existiendo en Instantly, en el espacio de trabajo de la "
        "clave.",
        "Check that the campaign, mail or webhook still exists in Instantly, in the workspace of the API key.",
    ),
    "instantly.refused": ("Instantly rechazó la petición: {reason}.", "Instantly refused the request: {reason}."),
    "instantly.refused.remedy": (
        "Corrige lo que nombra el mensaje; repetir la misma petición no ayuda.",
        "Correct what the message names; the same request again does not help.",
    ),
    "instantly.missed_posts": ("los avisos que no llegaron", "posts that were missed"),
    "instantly.leads": ("los leads", "the leads"),
    "instantly.leads_of": ("los leads de la campaña {campaign}", "the leads of the campaign {campaign}"),
    "instantly.received_mails": ("los correos recibidos", "the mails received"),
    "instantly.part": ("{what}: {reason}", "{what}: {reason}"),
    "instantly.not_fetched": (
        "De Instantly no se pudo leer todo: faltan {what}; otras listas que faltan: {count}. {reason}",
        "Not everything could be read from Instantly: {what} are missing; other lists missing: {count}. {reason}",
    ),
    "instantly.only_not_fetched": (
        "De Instantly no se pudo leer todo: faltan {what}. {reason}",
        "Not everything could be read from Instantly: {what} are missing. {reason}",
    ),
    "instantly.rest_fetched": (
        "Lo demás está guardado; lo que falta se vuelve a pedir en el próximo turno.",
        "The rest is stored; what is missing is asked for again in the next turn.",
    ),
    "instantly.workspace": ("responde el espacio de trabajo {name}", "the workspace {name} answers"),
    "instantly.absent_campaigns": (
        "no están en el espacio de trabajo: {campaigns}",
        "not in the workspace: {campaigns}",
    ),
    "instantly.absent_campaigns.remedy": (
        "Corrige «campaigns» en [instantly], en los ajustes: el id está en la dirección de la campaña en Instantly.",
        "Correct campaigns under [instantly] in the settings: the id is in the campaign's address in Instantly.",
    ),
    "instantly.campaign_stopped": (
        "Instantly detuvo la campaña {name}: {reason}",
        "Instantly has stopped the campaign {name}: {reason}",
    ),
    "instantly.campaign_stopped.remedy": (
        "Corrige la causa en Instantly (Email Accounts, o la propia campaña) y reanuda la campaña.",
        "Correct the cause in Instantly (Email Accounts, or the campaign itself) and resume the campaign.",
    ),
    "instantly.campaign_idle": ("{name} ({reason})", "{name} ({reason})"),
    "instantly.no_reason": ("no dice por qué", "it does not say why"),
    "instantly.campaigns": (
        "campañas: {count}; activas: {active}",
        "campaigns: {count}; active: {active}",
    ),
    "instantly.campaigns_idle": (
        "campañas: {count}; activas: {active}; no envían: {idle}",
        "campaigns: {count}; active: {active}; not sending: {idle}",
    ),
    "instantly.campaign.draft": ("borrador", "draft"),
    "instantly.campaign.paused": ("en pausa", "paused"),
    "instantly.campaign.completed": ("terminada", "completed"),
    "instantly.campaign.accounts": ("sus cuentas de correo tienen problemas", "its e-mail accounts have problems"),
    "instantly.campaign.bounces": ("demasiados rebotes", "too many bounces"),
    "instantly.campaign.suspended": ("cuenta suspendida", "account suspended"),
    "instantly.campaign.other": ("estado {status}", "status {status}"),
    "instantly.webhook_works": (
        "un webhook envía todo a la dirección de los ajustes",
        "a webhook sends everything to the address of the settings",
    ),
    "instantly.no_webhook": (
        "ningún webhook envía a la dirección de los ajustes",
        "no webhook sends to the address of the settings",
    ),
    "instantly.webhook_of_another_token": (
        "el webhook tiene la dirección de otro «token_file»",
        "the webhook has the address of another token_file",
    ),
    "instantly.no_webhook.remedy": (
        "Crea en Instantly (Settings > Integrations > Webhooks) un webhook de All Events con la dirección que da: "
        "sheets-crm webhooks urls",
        "Make a webhook of All Events in Instantly (Settings > Integrations > Webhooks) with the address that this "
        "shows: sheets-crm webhooks urls",
    ),
    "instantly.webhook_off": (
        "Instantly desactivó el webhook {ids}, porque no se recibía lo que enviaba",
        "Instantly has switched off the webhook {ids}, as what it sent was not received",
    ),
    "instantly.webhook_off.remedy": (
        "Comprueba que la dirección responde desde fuera (public_url y /health), y reanúdalo en Instantly (Settings > "
        "Integrations > Webhooks) o con POST /api/v2/webhooks/{ids}/resume. Lo que faltó lo recoge la tarea feeds.",
        "Check that the address answers from outside (public_url and /health), then resume it in Instantly (Settings > "
        "Integrations > Webhooks) or by POST /api/v2/webhooks/{ids}/resume. The job feeds fetches what was missed.",
    ),
    "instantly.webhook_of_some": (
        "el webhook envía solo una parte: {types}",
        "the webhook sends a part only: {types}",
    ),
    "instantly.webhook_of_some.remedy": (
        "Pon All Events y ninguna campaña en ese webhook, en Instantly; mientras tanto lo demás se ve cada hora.",
        "Set All Events and no campaign in this webhook, in Instantly; until then the rest is seen once an hour.",
    ),
}
