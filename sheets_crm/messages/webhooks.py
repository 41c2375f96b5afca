"""Texts about the receiver, as a terminal shows them: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "webhooks.nobody": (
        "Ningún módulo activo recibe nada, así que no hay nada que escuchar",
        "No module that is on receives anything, so there is nothing to listen for",
    ),
    "webhooks.nobody.remedy": (
        "Añade a «modules», en los ajustes, un módulo que reciba, como instantly.",
        "Add a module that receives to modules in the settings, such as instantly.",
    ),
    "webhooks.no_port": (
        "No se ha dicho en qué puerto escuchar",
        "It is not said which port to listen on",
    ),
    "webhooks.no_port.remedy": (
        "Pon «port» en [webhooks], en los ajustes, o usa --port.",
        "Set port under [webhooks] in the settings, or use --port.",
    ),
    "webhooks.need_packages": (
        "Recibir necesita paquetes que esta instalación no tiene: {packages}",
        "Receiving needs packages that this installation lacks: {packages}",
    ),
    "webhooks.need_packages.remedy": (
        "Instálalos, en la carpeta del pyproject.toml del proyecto: pip install '.[webhooks]'.",
        "Install them, in the folder of the project's pyproject.toml: pip install '.[webhooks]'.",
    ),
    "webhooks.no_token_file": (
        "Falta «token_file» en [webhooks]: es el secreto del que sale el token de cada dirección",
        "token_file under [webhooks] is missing: it is the secret that each address's token is made of",
    ),
    "webhooks.token_file_short": (
        "El secreto de {path} tiene menos de {least} bytes",
        "The secret in {path} has fewer than {least} bytes",
    ),
    "webhooks.token_file.remedy": (
        "Hazlo con: (umask 077; openssl rand -hex 32 > ARCHIVO). Con otro secreto cambian todas las direcciones.",
        "Make it with: (umask 077; openssl rand -hex 32 > FILE). With another secret all addresses change.",
    ),
    "webhooks.urls": (
        "Direcciones a las que se envía; quien las conoce puede enviar, así que son secretas",
        "Addresses to post to; who knows them may post, so they are secret",
    ),
    "webhooks.source": ("fuente", "source"),
    "webhooks.address": ("dirección", "address"),
    "webhooks.not_public": (
        "Son las de esta máquina: pon «public_url» en [webhooks] para ver las de fuera.",
        "They are this machine's: set public_url under [webhooks] to see those from outside.",
    ),
    "webhooks.listens": ("se reciben avisos en {address}", "receiving posts at {address}"),
    "webhooks.cannot_listen": (
        "No se puede escuchar en {address}: {reason}",
        "{address} cannot be listened on: {reason}",
    ),
    "webhooks.cannot_listen.remedy": (
        "Corrige «host» y «port» en [webhooks], en los ajustes, o cierra el otro programa que recibe (otro "
        "sheets-crm run o sheets-crm webhooks).",
        "Correct host and port under [webhooks] in the settings, or end the other program that receives (another "
        "sheets-crm run or sheets-crm webhooks).",
    ),
}
