"""Texts of Do not contact."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "check.do_not_contact": ("No contactar", "do not contact"),
    "doctor.do_not_contact": (
        "{entries:# entrada|# entradas}, {leads:# lead bloqueado|# leads bloqueados}",
        "{entries:# entry|# entries}, {leads:# blocked lead|# blocked leads}",
    ),
    "doctor.do_not_contact_wrong": (
        "{count} leads están listos para enviar aunque la lista los nombra, o bloqueados sin que los nombre",
        "{count} leads are ready to be sent although the list names them, or blocked although it does not",
    ),
    "doctor.do_not_contact_wrong.one": (
        "{count} lead está listo para enviar aunque la lista lo nombra, o bloqueado sin que lo nombre",
        "{count} lead is ready to be sent although the list names it, or blocked although it does not",
    ),
    "do_not_contact.operator": ("operador", "operator"),
    "do_not_contact.erased": ("persona borrada", "erased person"),
    "do_not_contact.no_entry": (
        "esto no es ninguna entrada: escribe un e-mail, un dominio, un teléfono o un LeadNumber.",
        "this is no entry: enter an e-mail, a domain, a phone or a LeadNumber.",
    ),
    "do_not_contact.blank": (
        "falta la entrada: escribe un e-mail, un dominio, un teléfono o un LeadNumber.",
        "the entry is missing: enter an e-mail, a domain, a phone or a LeadNumber.",
    ),
    "do_not_contact.no_reason": (
        "para levantarla falta el motivo: complétalo. Mientras tanto la entrada sigue contando.",
        "lifting it takes a reason: enter it. Until then the entry counts.",
    ),
    "do_not_contact.counts_still": ("{entry} sigue contando.", "{entry} still counts."),
    "do_not_contact.twice": (
        "esta entrada ya está en la fila {key}; cuenta aquella.",
        "this entry already stands in row {key}; that one counts.",
    ),
    "do_not_contact.came_back": (
        "esta entrada se borró o se cambió, pero sigue contando: ha vuelto. Para quitarla, marca «levantada» y escribe "
        "el motivo.",
        "this entry was deleted or changed, but it still counts: it came back. To end it, tick lifted and enter the "
        "reason.",
    ),
    "do_not_contact.blocked": (
        "{step}: {count} leads bloqueados por No contactar",
        "{step}: {count} leads blocked by Do not contact",
    ),
    "do_not_contact.blocked.one": (
        "{step}: {count} lead bloqueado por No contactar",
        "{step}: {count} lead blocked by Do not contact",
    ),
    "do_not_contact.let_go": (
        "{step}: {count} leads ya no están en No contactar",
        "{step}: {count} leads no longer on Do not contact",
    ),
    "do_not_contact.let_go.one": (
        "{step}: {count} lead ya no está en No contactar",
        "{step}: {count} lead no longer on Do not contact",
    ),
}
