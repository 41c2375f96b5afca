"""The parts of an XLSX package: unpacked in small pieces, parsed as they come, and never more than is allowed.

Source: ECMA-376 part 2 (Open Packaging Conventions), and how :mod:`zipfile` and expat behave with a file made to
exhaust them:

* A size in the package's directory is a claim. ``ZipFile.read`` inflates up to a gigabyte before it compares, and
  whatever bzip2 and LZMA give; so parts are read piece by piece and only as stored or deflated, which is all that the
  conventions allow, and what really comes out is counted over all parts.
* A tree of the elements takes far more memory than their text (``<a/>`` becomes a hundred bytes); so no tree is made,
  and the elements are counted too.
* Expat before 2.6 reads an unfinished tag again with every piece, and keeps each new name and each open element; so
  the length of a tag, the names and the depth are bounded. A document type, which is how entities multiply, is not
  allowed in a package at all.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from operator import methodcaller
from typing import Final, Protocol
from xml.parsers import expat

from sheets_crm.errors import FileError
from sheets_crm.files.limits import CELLS, IN_PARTS

PIECE: Final = 65_536
ELEMENTS: Final = 6 * CELLS
"""Most elements of all parts read: a cell has three (c, f, v), its shared string two (si, t), and there are rows."""
PARTS: Final = 10_000
LONGEST_TAG: Final = 1_000_000
NAMES: Final = 10_000
DEPTH: Final = 100
FOUND: Final = 100_000
"""Most elements gathered of one part; Excel has at most 65,490 cell formats."""

_ENTRY = b"PK\x01\x02"  # how each entry of the directory begins
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class DamagedPackage(Exception):  # noqa: N818 - says what was found
    """Something in a package is as no program writes it."""


class Handler(Protocol):
    """What takes the elements of a part as they come.

    Names come without the prefix of the part's own namespace, which each program chooses for itself.

    Attributes:
        path: The names of the open elements, outermost first, kept by the handler.
    """

    path: list[str]

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        """Take the beginning of an element."""

    def text(self, text: str, /) -> None:
        """Take text."""

    def end(self, tag: str, /) -> None:
        """Take the end of an element."""


class Package:
    """The parts of a package, with what may still be unpacked of them.

    Args:
        content: The bytes of the file.
        name: Its name, for messages.
        most_bytes: How much all that is read may unpack to; a part that is read twice counts twice.

    Raises:
        DamagedPackage: It has more parts than any workbook.
        zipfile.BadZipFile: It is no package.
    """

    def __init__(self, content: bytes, name: str, most_bytes: int) -> None:
        if content.count(_ENTRY) > PARTS:  # counted before each becomes an object of half a kilobyte
            raise DamagedPackage("too many parts")
        self._name = name
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._parts = frozenset(self._zip.namelist())
        self._most_bytes = self._bytes_left = most_bytes
        self._elements_left = ELEMENTS

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def parse(self, part: str, handler: Handler) -> None:
        """Give a handler the elements of a part.

        Raises:
            DamagedPackage: The part is as no program writes it.
            FileError: It is too large.
            KeyError: There is no such part.
        """
        names: dict[str, str] = {}
        parser = expat.ParserCreate(intern=names)
        parser.buffer_text = True
        parser.StartElementHandler = partial(_begin, parser, handler)
        parser.StartDoctypeDeclHandler = _refuse_document_type
        fed = 0
        for piece in self._unpacked(part):
            parser.Parse(piece)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > LONGEST_TAG or len(names) > NAMES or len(handler.path) > DEPTH:
                raise DamagedPackage("an unclosed tag, too many names, or too deeply nested")
        parser.Parse(b"", True)

    def _unpacked(self, part: str) -> Iterator[bytes]:
        entry = self._zip.getinfo(part)
        if entry.compress_type not in _PACKINGS:
            raise DamagedPackage("compressed in a way that workbooks are not")
        with self._zip.open(entry) as source:
            while piece := source.read(PIECE):
                self._bytes_left -= len(piece)
                self._elements_left -= piece.count(b"<") - piece.count(b"</")
                if self._bytes_left < 0:
                    size = f"more than {self._most_bytes // 1_000_000} MB"
                    raise FileError(f"{self._name} is too large when decompressed: {size}.", remedy=IN_PARTS)
                if self._elements_left < 0:
                    size = f"more than {ELEMENTS:,} elements"
                    raise FileError(f"{self._name} is too large when decompressed: {size}.", remedy=IN_PARTS)
                yield piece


class _Gatherer:
    """Keeps chosen attributes of chosen elements of a small part."""

    def __init__(self, wanted: Mapping[str, tuple[str, ...]]) -> None:
        self.path: list[str] = []
        self.found: dict[str, list[dict[str, str]]] = {path: [] for path in wanted}
        self._wanted = wanted
        self._deepest = max(path.count("/") + 1 for path in wanted)

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        self.path.append(tag)
        if len(self.path) > self._deepest:
            return
        path = "/".join(self.path)
        if path in self._wanted:
            kept = ((key.rpartition(":")[2], value) for key, value in attributes.items())
            self.found[path].append({key: value for key, value in kept if key in self._wanted[path]})
            if len(self.found[path]) > FOUND:
                raise DamagedPackage("more of one kind than any workbook has")

    def text(self, _text: str, /) -> None:
        """Text says nothing in these parts."""

    def end(self, _tag: str, /) -> None:
        self.path.pop()


def gathered(
    package: Package, part: str, wanted: Mapping[str, tuple[str, ...]]
) -> dict[str, list[dict[str, str]]]:
    """Gather attributes from a small part.

    Args:
        package: What the part is in.
        part: Its name.
        wanted: The attributes to keep, by the path of their element, such as ``workbook/sheets/sheet``.

    Returns:
        For each path the elements found there, in order; attributes without prefix.
    """
    gatherer = _Gatherer(wanted)
    package.parse(part, gatherer)
    return gatherer.found


def _begin(parser: expat.XMLParserType, handler: Handler, tag: str, attributes: dict[str, str]) -> None:
    """Take the outermost element, and hand the others on as that one's prefix asks for."""
    prefix = tag.rpartition(":")[0]
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    if prefix:
        plain = methodcaller("removeprefix", f"{prefix}:")
        parser.StartElementHandler = lambda tag, attributes: handler.start(plain(tag), attributes)
        parser.EndElementHandler = lambda tag: handler.end(plain(tag))
    handler.start(tag.removeprefix(f"{prefix}:"), attributes)


def _refuse_document_type(*_declaration: object) -> None:
    raise DamagedPackage("a document type")
