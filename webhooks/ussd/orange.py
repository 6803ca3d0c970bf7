"""Gateways that browse our pages as a web client would (Orange's store, Myriad): one small xHTML page a screen."""

import re
from html import escape
from typing import Final
from urllib.parse import urlencode

from bot.inbound import Reply
from webhooks.raw import Raw, Rejected
from webhooks.ussd.words import Answer, Asked, Dialect, Fields, given

_XHTML: Final = "application/xhtml+xml; charset=utf-8"
_OPTION: Final = re.compile(r"([0-9]{1,3}) (.+)")
_LAST: Final = {"9": 1000, "7": 1001, "8": 1002, "0": 1003, "00": 1004}
"""Keys that stand below every numbered option, in the order in which they stand."""


def _read_orange(fields: Fields, raw: Raw) -> Asked:
    """Who it is stands in a header, or in the address; a page asked for without an input is the first of a session.

    The header is believed because the path secret was: the edge must strip it from everybody else's requests.
    """
    phone = _one(raw.header("user-msisdn") or raw.header("x-msisdn") or raw.header("msisdn"), given(fields, "msisdn"))
    session = _one(raw.header("user-session"), given(fields, "session"))
    if not phone:
        raise Rejected(400, "missing header or parameter: msisdn")
    if raw.header("session-state").strip().lower() in {"end", "ended", "close", "closed", "release"}:
        return Asked(session, phone, over="done")
    text = given(fields, "input") or raw.header("user-entry")
    code = given(fields, "code") or raw.header("hub-ussdcode")
    kept = {name: given(fields, name) for name in ("msisdn", "session") if given(fields, name)}
    return Asked(session, phone, code, text, not text, echo=kept)


def _one(header: str, parameter: str) -> str:
    """What the header says, else the parameter. Rejected when they contradict each other."""
    if header and parameter and header.strip(" +") != parameter.strip(" +"):
        raise Rejected(400, "header and parameter contradict each other")
    return header or parameter


def _answer_orange(reply: Reply, asked: Asked) -> Answer:
    lines = reply.text.split("\n")
    first = _first_option(lines) if reply.keep_open else len(lines)
    links = "<br/>".join(_link(line, asked) for line in lines[first:])
    form = _form(asked) if reply.keep_open else ""
    words = "<br/>".join(escape(line) for line in lines[:first])
    return Answer(
        '<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title>{escape(lines[0])}</title></head>"
        f"<body><p>{words}</p>{f'<p>{links}</p>' if links else ''}{form}</body></html>",
        _XHTML,
        {"Cache-Control": "no-store"},
    )


def _first_option(lines: list[str]) -> int:
    """Where the numbered lines begin that close a screen: their keys rise, the ways on and back at the end."""
    index, below = len(lines), max(_LAST.values()) + 1
    while index > 0 and (match := _OPTION.fullmatch(lines[index - 1])):
        rank = _LAST.get(match[1], int(match[1]))
        if rank >= below:
            break
        index, below = index - 1, rank
    return index


def _link(line: str, asked: Asked) -> str:
    key = line.partition(" ")[0]
    press = f' accesskey="{key}"' if len(key) == 1 else ""
    return f'<a href="{escape("?" + urlencode({**asked.echo, "input": key}))}"{press}>{escape(line)}</a>'


def _form(asked: Asked) -> str:
    """For what has no number: a name, an amount, a PIN."""
    kept = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}"/>' for name, value in asked.echo.items()
    )
    return (
        f'<form action="" method="get"><p>{kept}<input type="text" name="input"/><input type="submit" value="OK"/></p>'
        "</form>"
    )


ORANGE: Final = Dialect(
    name="orange", methods=("GET",), body="query", parse=_read_orange, answer=_answer_orange, session_by="phone"
)
