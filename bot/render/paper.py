"""Lays out papers: what the catalogue says of one, the code anybody can check it by, and how, as a page of PDF."""

from datetime import datetime
from functools import lru_cache
from typing import Final, cast
from unicodedata import normalize

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.render.gsm7 import fold_ascii
from bot.render.words import say
from core.kit.say import Text, t
from core.kit.text import fold
from core.notices.words import Paper

A5: Final = (148.0, 210.0)
MARGIN: Final = 14.0
FOOT: Final = 8.0
LABEL: Final = 36.0
ROW: Final = 4.4
"""Millimetres: half a sheet prints anywhere and reads on a phone."""

ENCODING: Final = "cp1252"
"""The letters of the fonts that every reader of PDF has; embedding others would make the file ten times as large."""

INK: Final = (42, 32, 24)
SOFT: Final = (106, 87, 68)
LINE: Final = (220, 201, 171)
SAND: Final = (247, 240, 227)
INDIGO: Final = (31, 58, 95)

_SPACES: Final = dict.fromkeys("\u202f\u2009\u2007\u00a0", "\u00a0")

Colour = tuple[int, int, int]


class Papers:
    """Makes papers of one house: its name, the code to dial and the number to write to when somebody checks one."""

    def __init__(self, brand: str, dial: str, number: str) -> None:
        self._brand = brand
        self._how = {"brand": brand, "dial": dial, "number": number}

    def make(self, said: Text, code: str, made: datetime, language: str) -> Paper:
        """A paper; the same words, code and moment give the same bytes.

        What is said has a line each: a title, a number, then ``label<TAB>value``, ``*label<TAB>value<TAB>note`` for
        what it is all about, or a sentence. A label without a value is left out. Raises KeyError for a blank that is
        missing.
        """
        title, number, *lines = _printable(say(said, language, "full")).split("\n")
        page = _Page(self._brand, title, made, language)
        page.head(title, number)
        for line in lines:
            page.line(line)
        label, *how = _printable(say(t("sheet.check", **self._how), language)).split("\n")
        page.code(label, f"{code[:4]} {code[4:]}", " ".join(how))
        page.small(_printable(say(t("sheet.small", **self._how), language)))
        return Paper(_file_name(title, number), bytes(page.pdf.output()))


def _file_name(title: str, number: str) -> str:
    """The title and the number, as every file system takes them."""
    return f"{'-'.join(fold(title).split())}-{number.rsplit(maxsplit=1)[-1]}.pdf"


class _Page:
    """One page that fills from above; it grows by a second one rather than lose a line."""

    def __init__(self, brand: str, title: str, made: datetime, language: str) -> None:
        self.pdf = pdf = FPDF(format=A5)
        pdf.core_fonts_encoding = ENCODING
        pdf.str_alias_nb_pages = ""
        pdf.set_creation_date(made)
        pdf.set_title(title)
        pdf.set_author(_printable(brand))
        pdf.set_lang(language)
        pdf.set_margins(MARGIN, 9, MARGIN)
        pdf.c_margin = 0
        pdf.set_auto_page_break(auto=True, margin=FOOT)
        pdf.add_page()
        self._write(_printable(brand), 12, INDIGO, font="Times", style="B", high=6)
        pdf.set_draw_color(*INDIGO)
        pdf.set_line_width(0.6)
        pdf.line(MARGIN, pdf.y + 2, pdf.w - MARGIN, pdf.y + 2)
        pdf.ln(6)

    def head(self, title: str, number: str) -> None:
        """What it is, and its number."""
        self._write(title.upper(), 19, INK, font="Times", style="B", high=8)
        self._write(number, 10.5, SOFT, high=6)
        self.pdf.ln(3)

    def line(self, line: str) -> None:
        """A row, the total, or a sentence; nothing for what is not there."""
        label, tab, value = line.partition("\t")
        if label.startswith("*"):
            self._total(label[1:], *value.split("\t"))
        elif tab and value.strip():
            self._row(label, value.strip())
        elif not tab and label:
            self.pdf.ln(2.5)
            self._write(label, 8.5, INK, high=4)

    def _total(self, label: str, value: str, note: str) -> None:
        pdf = self.pdf
        pdf.set_fill_color(*SAND)
        pdf.rect(MARGIN, pdf.y, pdf.epw, 23, style="F", round_corners=True, corner_radius=2)
        pdf.ln(2.5)
        for words, size, colour, style, high in ((label, 8.5, SOFT, "", 4), (value, 20, INDIGO, "B", 9)):
            self._write(words, size, colour, style=style, high=high, indent=5)
        self._write(note, 9.5, INK, style="I", high=4.5, indent=5)
        pdf.ln(6)

    def _row(self, label: str, value: str) -> None:
        pdf = self.pdf
        high = ROW * len(self._wrapped(value, 10, pdf.epw - LABEL)) + 1
        if pdf.will_page_break(high):
            pdf.add_page()
        top = pdf.y
        self._write(label, 8.5, SOFT, high=ROW)
        pdf.y = top
        self._write(value, 10, INK, high=ROW, indent=LABEL)
        self._rule(pdf.y + 0.5)
        pdf.ln(1)

    def code(self, label: str, code: str, how: str) -> None:
        """The code, large, and what to do with it."""
        pdf = self.pdf
        pdf.ln(4)
        high = 19 + 4 * len(self._wrapped(how, 8.5, pdf.epw - 10))
        if pdf.will_page_break(high):
            pdf.add_page()
        top = pdf.y
        pdf.set_draw_color(*INDIGO)
        pdf.set_line_width(0.4)
        pdf.rect(MARGIN, top, pdf.epw, high, round_corners=True, corner_radius=2)
        pdf.ln(3)
        self._write(label, 8.5, SOFT, high=4, indent=5)
        self._write(code, 22, INDIGO, font="Courier", style="B", high=9.5, indent=5)
        self._write(how, 8.5, INK, high=4, indent=5)
        pdf.y = top + high

    def small(self, words: str) -> None:
        """The small print."""
        self.pdf.ln(2)
        self._write(words, 7, SOFT, high=3.2)

    def _rule(self, at: float) -> None:
        self.pdf.set_draw_color(*LINE)
        self.pdf.set_line_width(0.2)
        self.pdf.line(MARGIN, at, self.pdf.w - MARGIN, at)

    def _wrapped(self, words: str, size: float, wide: float) -> list[str]:
        self.pdf.set_font("Helvetica", size=size)
        return cast("list[str]", self.pdf.multi_cell(wide, 1, words, align="L", dry_run=True, output="LINES"))

    def _write(
        self,
        words: str,
        size: float,
        colour: Colour,
        *,
        high: float,
        font: str = "Helvetica",
        style: str = "",
        indent: float = 0.0,
    ) -> None:
        pdf = self.pdf
        pdf.set_font(font, style, size)
        pdf.set_text_color(*colour)
        pdf.x = MARGIN + indent
        wide = pdf.epw - indent - min(indent, 5)
        pdf.multi_cell(wide, high, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


# --- letters -------------------------------------------------------------------------------------------------


def _printable(text: str) -> str:
    """The text in letters that the fonts have."""
    return "".join(map(_letter, normalize("NFC", text)))


@lru_cache(maxsize=1024)
def _letter(letter: str) -> str:
    """A letter as it is, or the nearest thing to it; nothing for emoji, "?" for another script."""
    if letter in _SPACES:
        return _SPACES[letter]
    if letter in "\t\n" or (letter.isprintable() and _fits(letter)):
        return letter
    near = fold(letter)
    near = near.capitalize() if letter.isupper() else near
    return near if near and _fits(near) else fold_ascii(letter)


def _fits(letters: str) -> bool:
    try:
        letters.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True
