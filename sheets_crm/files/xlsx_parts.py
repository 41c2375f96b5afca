"""The parts of an XLSX package: unpacked and parsed piece by piece, within limits.

Source: ECMA-376 part 2 (Open Packaging Conventions), and the behaviour of :mod:`zipfile` and expat on a file made to
exhaust memory:

* A size in the package's directory is a claim. ``ZipFile.read`` inflates up to a gigabyte before it checks it, and
  bzip2 and LZMA without bound; so parts are read piece by piece and only stored or deflated, which is all that the
  conventions allow, and the unpacked bytes are counted over all parts.
* A tree of the elements takes far more memory than their text (``<a/>`` becomes a hundred bytes); so no tree is built,
  and the elements are counted too.
* Expat before 2.6 rescans an unfinished tag with every piece, and keeps each new name and each open element; so the
  length of a tag, the names and the depth are bounded. A document type, the means of entity expansion, is not allowed
  in a package at all.
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
from sheets_crm.files.limits import CELLS
from sheets_crm.messages import said

PIECE: Final = 65_536
ELEMENTS: Final = 6 * CELLS
"""Most elements of all parts read: a cell has three (c, f, v), its shared string two (si, t), and there are rows."""
PARTS: Final = 10_000
LONGEST_TAG: Final = 1_000_000
NAMES: Final = 10_000
DEPTH: Final = 100
GATHERED: Final = 100_000
"""Most elements gathered from one part; Excel has at most 65,490 cell formats."""

_ENTRY = b"PK\x01\x02"  # signature of an entry of the directory
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class DamagedPackage(Exception):  # noqa: N818 - says what was found
    """A package that no program writes."""


class Handler(Protocol):
    """Receives the elements of a part in order.

    Names come without the prefix of the part's own namespace, which differs from program to program.

    Attributes:
        path: The names of the open elements, outermost first, kept by the handler.
    """

    path: list[str]

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        """Receive an opening tag."""

    def text(self, text: str, /) -> None:
        """Receive text."""

    def end(self, tag: str, /) -> None:
        """Receive a closing tag."""


class Package:
    """The parts of a package, with a budget for unpacking them.

    Args:
        content: The bytes of the file.
        name: Its name, for messages.
        most_bytes: Most bytes to unpack in all; a part that is read twice counts twice.

    Raises:
        DamagedPackage: Too many parts.
        zipfile.BadZipFile: Not a package.
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
        """Feed the elements of a part to a handler.

        Raises:
            DamagedPackage: No program writes such a part.
            FileError: It unpacks to too much.
            KeyError: Unknown part.
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
            # What expat has not consumed is the beginning of an unfinished tag.
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
                # Opening tags are counted in the bytes, before expat makes anything of them.
                self._elements_left -= piece.count(b"<") - piece.count(b"</")
                if self._bytes_left < 0:
                    most = self._most_bytes // 1_000_000
                    raise FileError(
                        said("file.unpacked_bytes", name=self._name, most=most), remedy=said("file.in_parts")
                    )
                if self._elements_left < 0:
                    raise FileError(
                        said("file.unpacked_elements", name=self._name, most=ELEMENTS),
                        remedy=said("file.in_parts"),
                    )
                yield piece


class _Gatherer:
    """Handler that keeps chosen attributes of chosen elements of a small part."""

    def __init__(self, wanted: Mapping[str, tuple[str, ...]]) -> None:
        self.path: list[str] = []
        self.elements: dict[str, list[dict[str, str]]] = {path: [] for path in wanted}
        self._wanted = wanted
        self._deepest = max(path.count("/") + 1 for path in wanted)

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        self.path.append(tag)
        if len(self.path) > self._deepest:
            return
        path = "/".join(self.path)
        if path in self._wanted:
            kept = ((key.rpartition(":")[2], value) for key, value in attributes.items())
            self.elements[path].append({key: value for key, value in kept if key in self._wanted[path]})
            if len(self.elements[path]) > GATHERED:
                raise DamagedPackage("more of one kind than any workbook has")

    def text(self, _text: str, /) -> None:
        """Ignore text: these parts have all their content in attributes."""

    def end(self, _tag: str, /) -> None:
        self.path.pop()


def gathered(
    package: Package, part: str, wanted: Mapping[str, tuple[str, ...]]
) -> dict[str, list[dict[str, str]]]:
    """Gather attributes from a small part.

    Args:
        package: The package.
        part: The name of the part.
        wanted: The attributes to keep, by the path of their element, such as ``workbook/sheets/sheet``.

    Returns:
        For each path its elements in order; attributes without prefix.
    """
    gatherer = _Gatherer(wanted)
    package.parse(part, gatherer)
    return gatherer.elements


def _begin(parser: expat.XMLParserType, handler: Handler, tag: str, attributes: dict[str, str]) -> None:
    """Pass the outermost element to the handler, and install callbacks that strip its prefix from all others."""
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
