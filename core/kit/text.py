"""Text that people typed: folded for comparing names, cleaned for storing and showing."""

import unicodedata

_LETTERS = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ɓ": "b",
    "ɗ": "d",
    "ɖ": "d",
    "ŋ": "ng",
    "ɲ": "ny",
    "ɛ": "e",
    "ə": "e",
    "ǝ": "e",
    "ɔ": "o",
    "ɨ": "i",
    "ʉ": "u",
    "\u0131": "i",
    "ƴ": "y",
}
_MARKS = str.maketrans({"\u2013": "-", "\u2014": "-", "\u2011": "-", "\u2212": "-", "\u00d7": "x", "\u2019": "'"})
_LAYOUT = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
_KEPT_IN_TABLE = 0x3000


def _fold_one(mark: str) -> str:
    category = unicodedata.category(mark)
    if mark in _LETTERS:
        return _LETTERS[mark]
    if mark in _LAYOUT:
        return " "
    if category[0] == "M" or category[0] == "C":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(mark))
    return mark if category[0] == "L" else " "


def _fold_character(mark: str) -> str:
    """Fold one code point; small letters first, because some decompose again once they are small."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", mark).casefold())
    return "".join(map(_fold_one, plain))


def _clean_character(mark: str) -> str:
    if mark.isspace() or mark in _LAYOUT:
        return " "
    return "" if unicodedata.category(mark) in {"Cc", "Cf", "Cs", "Co"} else mark


def _plain_character(mark: str) -> str:
    return mark.lower() if " " <= mark <= "~" else _FOLD[ord(mark)]


class _PlainTable(dict[int, str]):
    """Like the fold table, with the punctuation of a keyboard kept."""

    def __missing__(self, code: int) -> str:
        plain = _plain_character(chr(code))
        if code < _KEPT_IN_TABLE:
            self[code] = plain
        return plain


class _FoldTable(dict[int, str]):
    """Folds by code point, filled as code points turn up; the rare far ones are not kept."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if code < _KEPT_IN_TABLE:
            self[code] = folded
        return folded


class _CleanTable(dict[int, str]):
    """What is stored for a code point, filled as code points turn up; the rare far ones are not kept."""

    def __missing__(self, code: int) -> str:
        cleaned = _clean_character(chr(code))
        if code < _KEPT_IN_TABLE:
            self[code] = cleaned
        return cleaned


_FOLD = _FoldTable((code, _fold_character(chr(code))) for code in range(0x250))
_PLAIN = _PlainTable()
_CLEAN = _CleanTable((code, _clean_character(chr(code))) for code in range(0x250))


def fold(text: str) -> str:
    """Reduce a name or an answer to what comparisons look at: small letters, digits, single spaces.

    Accents go, œ becomes oe, apostrophes, hyphens, punctuation and pictures become one space, and characters
    that nobody sees (controls, direction marks, joiners) vanish. Any text is accepted; folding twice changes
    nothing more.
    """
    return " ".join(text.translate(_FOLD).split())


def plain(text: str) -> str:
    """Fold a sentence but keep the punctuation of a keyboard, which tells 85.000 from 85, 000 and 2-3 from 2/3."""
    return text.translate(_MARKS).translate(_PLAIN)


def clean(text: str, limit: int) -> str:
    """Make what a person typed safe to store and show: at most `limit` code points, on one line.

    Control and direction characters and lone surrogates go out, runs of white space become one space, and
    letters are composed (NFC). Refuses a limit below 1 with ValueError.
    """
    if limit < 1:
        raise ValueError("a text needs room for one character")
    line = unicodedata.normalize("NFC", " ".join(text.translate(_CLEAN).split()))
    if len(line) <= limit:
        return line
    end = limit
    while end and unicodedata.combining(line[end]):
        end -= 1
    return line[:end].rstrip()
