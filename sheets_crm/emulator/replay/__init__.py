"""Replays recordings of Google's answers against the emulator and says where it answers otherwise.

``python -m sheets_crm.emulator.replay FILE``. A recording is a cassette (``interactions`` of ``request`` and
``response``), as ``sheets-crm doctor --probe --save FILE`` writes it; docs/emulator.md describes the form.
"""

from sheets_crm.emulator.replay.comparing import Difference
from sheets_crm.emulator.replay.declared import DeclarationError, Declarations
from sheets_crm.emulator.replay.recording import Interaction, Recording, RecordingError
from sheets_crm.emulator.replay.sending import Outcome, replay

__all__ = [
    "DeclarationError",
    "Declarations",
    "Difference",
    "Interaction",
    "Outcome",
    "Recording",
    "RecordingError",
    "replay",
]
