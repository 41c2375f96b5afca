"""Texts about the store, as a terminal shows them: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "store.damaged": (
        "El almacén {path} está dañado: se apartó como {aside} y se hizo uno vacío. El libro no ha perdido nada; el "
        "registro de cambios anterior está en el archivo apartado y en las copias de {backups}.",
        "The store {path} is damaged: it was set aside as {aside} and an empty one was made. The workbook has lost "
        "nothing; the earlier change journal is in the file set aside and in the backups in {backups}.",
    ),
    "store.older": (
        "El almacén {database} es de la versión {found} y este programa usa la {expected}",
        "The store {database} is of version {found}, and this program uses {expected}",
    ),
    "store.older.remedy": (
        "Ejecuta sheets-crm init: hace una copia y lo pone al día.",
        "Run sheets-crm init: it makes a backup and migrates it.",
    ),
    "store.newer": (
        "El almacén {database} es de la versión {found}, que este programa no conoce (la suya: {expected})",
        "The store {database} is of version {found}, which this program does not know (its own: {expected})",
    ),
    "store.newer.remedy": (
        "Instala la versión del programa que lo usó, o restaura una copia con sheets-crm store restore FILE.",
        "Install the version of the program that used it, or restore a backup with sheets-crm store restore FILE.",
    ),
    "store.foreign": (
        "La base de datos {database} tiene tablas de otro programa y ningún almacén",
        "The database {database} has tables of another program and no store",
    ),
    "store.foreign.remedy": (
        "Nombra en «database» un archivo nuevo o una base de datos vacía.",
        "Name a new file or an empty database in the setting database.",
    ),
    "store.unreachable": (
        "No se puede usar el almacén {database}: {reason}",
        "The store {database} cannot be used: {reason}",
    ),
    "store.unreachable.remedy": (
        "Comprueba que el servidor o el disco funciona y el ajuste «database»; después repite la orden.",
        "Check that the server or disk works, and the setting database; then run the command again.",
    ),
    "store.need_postgresql": (
        "Un almacén en PostgreSQL necesita paquetes que esta instalación no tiene: psycopg",
        "A store in PostgreSQL needs packages that this installation lacks: psycopg",
    ),
    "store.need_postgresql.remedy": ("Instálalos: {command}", "Install them: {command}"),
    "store.migrated": (
        "El almacén se puso al día: de la versión {found} a la {expected}; la copia anterior es {backup}.",
        "The store was migrated: from version {found} to {expected}; the backup made before is {backup}.",
    ),
    "store.migrated_postgresql": (
        "El almacén se puso al día: de la versión {found} a la {expected}, en una sola transacción. De PostgreSQL no "
        "se hacen copias aquí: las hace pg_dump.",
        "The store was migrated: from version {found} to {expected}, in one transaction. No backup of PostgreSQL is "
        "made here: pg_dump makes them.",
    ),
    "store.no_backup": (
        "De un almacén en PostgreSQL no se hacen copias con esta orden",
        "This command makes no backups of a store in PostgreSQL",
    ),
    "store.no_backup.remedy": (
        "Usa pg_dump y pg_restore, o las copias de tu proveedor.",
        "Use pg_dump and pg_restore, or your provider's backups.",
    ),
    "store.no_store": (
        "{path} no es una copia de un almacén, o está dañada",
        "{path} is no backup of a store, or it is damaged",
    ),
    "store.no_store.remedy": ("Elige otra copia de {backups}.", "Choose another backup in {backups}."),
    "store.backed_up": ("Copia del almacén: {path}", "Backup of the store: {path}"),
    "store.restored": (
        "Se restauró el almacén de {path}; el anterior está en {before}",
        "The store was restored from {path}; the one before is in {before}",
    ),
    "store.rebuilt": (
        "La tabla «leads» del almacén se rehízo desde el libro: {count} leads",
        "The table leads of the store was rebuilt from the workbook: {count} leads",
    ),
    "store.rebuilt.one": (
        "La tabla «leads» del almacén se rehízo desde el libro: {count} lead",
        "The table leads of the store was rebuilt from the workbook: {count} lead",
    ),
    "store.in_pass": (
        "Una pasada de envío está en curso, a más tardar hasta las {until}: el almacén no se copia ni se pone al día "
        "mientras tanto.",
        "A pass that sends messages is under way, until {until} at the latest: the store is neither backed up nor "
        "migrated meanwhile.",
    ),
    "store.in_pass.remedy": ("Repite la orden cuando termine.", "Run the command again when it has ended."),
    "store.nothing_to_adopt": (
        "No hay nada que tomar a cargo: con estos ajustes nada se envía por sí solo, y ningún libro pertenece a un "
        "almacén",
        "There is nothing to take over: by these settings nothing is sent by itself, and no workbook belongs to a "
        "store",
    ),
    "store.nothing_to_adopt.remedy": (
        "El libro se puede usar con este almacén tal como está.",
        "The workbook can be used with this store as it is.",
    ),
    "store.not_mirrored": (
        "La tabla «leads» del almacén no se pudo poner al día; la próxima lectura completa lo hace: {reason}",
        "The table leads of the store could not be brought up to date; the next full read does it: {reason}",
    ),
    "store.erased_again": (
        "{count} líneas de personas borradas con forget se borraron de nuevo.",
        "{count} lines about people erased by forget were erased again.",
    ),
    "store.erased_again.one": (
        "{count} línea de personas borradas con forget se borró de nuevo.",
        "{count} line about people erased by forget was erased again.",
    ),
    "store.taken_over": (
        "El registro de cambios de una versión anterior ({count} cambios) está ahora en el almacén.",
        "The change journal of an earlier version ({count} changes) is in the store now.",
    ),
    "store.taken_over.one": (
        "El registro de cambios de una versión anterior ({count} cambio) está ahora en el almacén.",
        "The change journal of an earlier version ({count} change) is in the store now.",
    ),
}
