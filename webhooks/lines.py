"""JSON lines from standard input, as files and editors hand them over."""

import codecs
from collections.abc import Iterable, Iterator


def numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, counted from 1, without the mark (BOM) that some editors put before the first."""
    for number, line in enumerate(lines, 1):
        held = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if held.strip():
            yield number, held
