"""How wide a text is, for columns that fit their contents.

The advances are those of the Arial and Helvetica family in thousandths of an em; the size of the em and the margin
are calibrated on the one width that Google's recorded answers show.
"""

__all__ = ["fitting_width"]

_EM_PIXELS = 543 / 64 / 0.667
_MARGIN_PIXELS = 3
_OTHER = 556
_ADVANCES = {
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r", 334: "{}", 355: '"', 389: "*", 469: "^",
    500: "Jckvsxyz", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%",
    944: "W", 1015: "@",
}  # fmt: skip
_ADVANCE = {letter: advance for advance, letters in _ADVANCES.items() for letter in letters}


def fitting_width(text: str) -> int:
    """Give the pixels that a column needs to show a text of the default font; its widest line counts."""
    widest = max((sum(_ADVANCE.get(letter, _OTHER) for letter in line) for line in text.splitlines()), default=0)
    return round(widest / 1000 * _EM_PIXELS) + _MARGIN_PIXELS
