"""Texts about batches that go to a service by themselves: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "control.instantly_campaign": ("campaña de Instantly", "Instantly campaign"),
    "control.instantly_campaign.help": (
        "Nombre o id de la campaña a la que van los lotes de Instantly por sí solos; en blanco esperan.",
        "Name or id of the campaign that Instantly's batches go to by themselves; while it is blank, they wait.",
    ),
    "push.counts": (
        "{batch} en Instantly: {added:# añadido|# añadidos}, {there:# ya estaba|# ya estaban}, "
        "{refused:# no admitido|# no admitidos}, {failed:# sin enviar|# sin enviar}.",
        "{batch} at Instantly: {added} added, {there} there already, {refused} not taken, {failed} not sent.",
    ),
    "push.counts.unknown": (
        "{batch} en Instantly: {added:# añadido|# añadidos}, {there:# ya estaba|# ya estaban}, "
        "{refused:# no admitido|# no admitidos}, {failed:# sin enviar|# sin enviar}, "
        "{unknown:# sin respuesta|# sin respuesta}. Busca estos en la campaña: deshacer los envía otra vez en otro "
        "lote, cerrar los deja.",
        "{batch} at Instantly: {added} added, {there} there already, {refused} not taken, {failed} not sent, "
        "{unknown} without an answer. Look for these in the campaign: undo sends them again in another batch, close "
        "leaves them.",
    ),
    "push.kept": (
        "{batch}: {count:# lead no se deshace|# leads no se deshacen}: en la campaña de Instantly, o de camino a ella.",
        "{batch}: {count:# lead is|# leads are} not undone: in the Instantly campaign already, or on the way there.",
    ),
    "push.no_run": (
        "Ninguna pasada del libro terminó a tiempo para enviar los lotes.",
        "No run of the workbook ended in time to push the batches.",
    ),
    "push.copied": (
        "Los lotes esperan: este libro es una copia. Ejecuta `sheets-crm init --adopt`.",
        "Batches wait: this workbook is a copy. Run `sheets-crm init --adopt`.",
    ),
    "push.another_store": (
        "Los lotes esperan: los envía otro almacén que el de este programa (otra máquina, o se perdió). Si aquel ya no "
        "funciona, ejecuta `sheets-crm store adopt`.",
        "Batches wait: another store than this program's pushes them (another machine, or it was lost). If that one is "
        "gone, run `sheets-crm store adopt`.",
    ),
    "push.store_restored": (
        "Los lotes esperan: el almacén es un estado anterior. Ejecuta `sheets-crm store adopt`.",
        "Batches wait: the store is an earlier state of itself. Run `sheets-crm store adopt`.",
    ),
    "push.set_back": (
        "Los lotes esperan: el libro volvió a una versión anterior. Ejecuta `sheets-crm init --adopt`.",
        "Batches wait: the workbook was set back to an earlier version. Run `sheets-crm init --adopt`.",
    ),
    "push.not_adopted": (
        "Otro programa está escribiendo los envíos de este libro.",
        "Another program writes this workbook's pushes at the moment.",
    ),
    "store.adopted": (
        "Este almacén envía ahora los lotes del libro; {count:# envío queda|# envíos quedan} sin respuesta.",
        "This store pushes the workbook's batches now; {count:# push is|# pushes are} without an answer.",
    ),
    "push.no_campaign": (
        "Los lotes esperan: falta el nombre de la campaña de Instantly (ajustes de Control).",
        "Batches wait: the Instantly campaign is not named (settings of Control).",
    ),
    "push.campaign_unknown": (
        "Los lotes esperan: Instantly no tiene la campaña {campaign}.",
        "Batches wait: Instantly has no campaign {campaign}.",
    ),
    "push.campaign_twice": (
        "Los lotes esperan: Instantly tiene {count} campañas con el nombre {campaign}; pon el id de una.",
        "Batches wait: Instantly has {count} campaigns named {campaign}; put the id of one.",
    ),
}
