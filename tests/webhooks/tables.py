"""Every adapter's payload table as requests with their signatures, each as often as wanted with people of its own."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from core.kit.settings import Settings
from tests.webhooks import gateway_requests, meta_table, test_africastalking, test_telegram, test_twilio, test_whatsapp
from tests.webhooks.signing import meta_signature, twilio_signature
from webhooks.adapters import ADAPTERS
from webhooks.raw import FORM, Raw

SETTINGS: Final = Settings(_env_file=None)
SECRET: Final = SETTINGS.secret
JSON: Final = "application/json"
NO_OBJECTS: Final = (b"", b"{", b"[]", b"null", b"5", b"\xff\xfe{}", b"[" * 5000)


@dataclass(frozen=True)
class Sample:
    """A request of a table, unsigned; ``good`` when its table says that it is read."""

    adapter: str
    raw: Raw
    good: bool


@dataclass(frozen=True)
class Seal:
    """How an adapter knows a request from a stranger's: a header, or the secret in the path."""

    header: str = ""
    sign: Callable[[Raw, str], str] = lambda _raw, _secret: ""
    secret: str = ""

    def put(self, raw: Raw) -> Raw:
        """As its vendor sends it."""
        return self._with(raw, self.sign(raw, self.secret)) if self.header else raw

    def break_(self, raw: Raw) -> Raw:
        """As somebody sends it who knows everything but the secret."""
        if not self.header:
            return replace(raw, path=raw.path.replace(f"/{SECRET}", "/demi", 1))
        return self._with(raw, self.sign(raw, f"not-{self.secret}"))

    def leave_out(self, raw: Raw) -> Raw:
        """As somebody sends it who does not know that there is a secret."""
        if not self.header:
            return replace(raw, path=raw.path.replace(f"/{SECRET}", "", 1))
        return replace(raw, headers={name: value for name, value in raw.headers.items() if name != self.header})

    def _with(self, raw: Raw, value: str) -> Raw:
        return replace(raw, headers={**raw.headers, self.header: value})


def _twilio(raw: Raw, token: str) -> str:
    """Over what the form says in the charset it declares; where that is none, over anything."""
    charset = raw.headers.get("content-type", "").partition("charset=")[2].strip('"') or "utf-8"
    try:
        pairs = parse_qsl(raw.body.decode("latin-1"), keep_blank_values=True, encoding=charset, errors="strict")
    except (ValueError, LookupError):
        pairs = []
    return twilio_signature(token, f"{SETTINGS.public_url}{raw.path}{'?' if raw.query else ''}{raw.query}", pairs)


SEALS: Final[Mapping[str, Seal]] = {
    **{name: Seal() for name in (*ADAPTERS, "mtn")},
    "twilio": Seal("x-twilio-signature", _twilio, SETTINGS.twilio_token.get_secret_value()),
    "meta": Seal(
        "x-hub-signature-256",
        lambda raw, secret: meta_signature(secret, raw.body),
        SETTINGS.meta_app_secret.get_secret_value(),
    ),
    "telegram": Seal(
        "x-telegram-bot-api-secret-token", lambda _raw, secret: secret, SETTINGS.telegram_secret.get_secret_value()
    ),
}


def samples(adapter: str) -> Iterator[Sample]:
    """The table of one adapter."""
    if adapter in gateway_requests.READ:
        yield from (Sample(adapter, row[0], good=True) for row in gateway_requests.READ[adapter])
        yield from (Sample(adapter, row[0], good=False) for row in gateway_requests.REFUSED.get(adapter, []))
    else:
        yield from (Sample(adapter, raw, good) for raw, good in _TABLES[adapter]())


def _of_twilio() -> Iterator[tuple[Raw, bool]]:
    forms = [form for _, form, _ in test_twilio.READ]
    reports = [{**test_twilio.STATUS, **changes} for changes, _ in test_twilio.STATUSES]
    for path, found in (("", forms), ("/status", reports)):
        yield from ((form_at(f"/webhooks/twilio{path}", form), True) for form in found)
    for name in ("MessageSid", "From", "Body"):
        yield form_at("/webhooks/twilio", {**test_twilio.SMS, name: b"\xff"}), False
        yield form_at("/webhooks/twilio", {**test_twilio.SMS, name: f"\0{test_twilio.SMS[name]}"}), True


def _of_meta() -> Iterator[tuple[Raw, bool]]:
    for _, message, _ in meta_table.READ:
        yield json_at("/webhooks/whatsapp", meta_table.batch(meta_table.change(message))), True
    for changes, _ in test_whatsapp.STATUSES:
        status = {"id": "wamid.O1", "recipient_id": meta_table.WA_ID, **changes}
        yield json_at("/webhooks/whatsapp", meta_table.batch(meta_table.change(statuses=[status, None, 5]))), True
    yield from ((json_at("/webhooks/whatsapp", body), True) for body, _ in test_whatsapp.OTHERS)
    yield from ((json_at("/webhooks/whatsapp", body), False) for body in NO_OBJECTS)


def _of_telegram() -> Iterator[tuple[Raw, bool]]:
    for update, _ in test_telegram.PAYLOADS.values():
        yield json_at("/webhooks/telegram", json.dumps(update, ensure_ascii=False).encode()), True
    yield from ((json_at("/webhooks/telegram", body), False) for body in NO_OBJECTS)


def _of_africastalking() -> Iterator[tuple[Raw, bool]]:
    table = test_africastalking
    for tail, changes, _ in table.SAID_SO:
        yield form_at(f"{table.PATH}/{tail}" if tail else table.PATH, {**table.FORMS[tail], **changes}), True
    yield from ((form_at(table.PATH, {**table.WRITTEN, **changes}), True) for changes in table.WRITE)
    for body, kind, _ in table.BAD:
        yield Raw("POST", table.PATH, "", {"content-type": kind}, body), False


def _of_mtn() -> Iterator[tuple[Raw, bool]]:
    words = (b'{"externalId": "P1000%d", "status": "SUCCESSFUL", "amount": "85000"}' % n for n in range(4))
    for body in (*words, b'{"referenceId": "not one"}', b"", b"[]", b"\xff\0", b'{"a":' * 5000):
        for method in ("PUT", "POST"):
            yield Raw(method, f"/webhooks/payments/mtn/{SECRET}", "", {"content-type": JSON}, body), True


_TABLES: Final[Mapping[str, Callable[[], Iterator[tuple[Raw, bool]]]]] = {
    "twilio": _of_twilio,
    "meta": _of_meta,
    "telegram": _of_telegram,
    "africastalking-sms": _of_africastalking,
    "mtn": _of_mtn,
}


def form_at(path: str, form: Mapping[str, Any]) -> Raw:
    """A posted form."""
    return Raw("POST", path, "", {"content-type": FORM}, urlencode(form).encode())


def json_at(path: str, body: bytes) -> Raw:
    """Posted JSON."""
    return Raw("POST", path, "", {"content-type": JSON}, body)


# --- the same by somebody else -----------------------------------------------------------------------------

_NUMBER: Final = re.compile(r"(?<![0-9])((?:2[0-9]{2}|385)[0-9]{2,4})[0-9]{6}(?![0-9])")
_SCOPED: Final = re.compile(r"(?:(?<=%3A)|(?<![A-Za-z0-9.]))((?:US|CM)\.(?:ENT\.)?)[0-9]+")
_CHAT: Final = re.compile(r"(?<![0-9])700100200(?![0-9])")
_UPDATE: Final = re.compile(r'("update_id": )[0-9]+')
_NAMED: Final = re.compile(r"(?<![A-Za-z0-9])(SMa1|SMout1|wamid\.[AO]1|4382abc|b0d4f1c2a9|ATXid_77c0)(?![A-Za-z0-9])")
_SESSION: Final = re.compile(r'((?:session_?id|transactionId|senderCB)"?(?:=|: ?|>)"?)([^"&<,}/]+)', re.IGNORECASE)
_IN_PATH: Final = re.compile(r"(/session/)([^/]+)/")


def of_person(raw: Raw, n: int) -> Raw:
    """The same said by the ``n``-th person, in a session and under an id of their own: all of them end in n.

    Addresses end in its six digits; ids in ``x`` and n, Telegram's updates are n behind 9 million.
    """

    def renewed(text: str) -> str:
        text = _NUMBER.sub(rf"\g<1>{n:06d}", text)
        text = _SCOPED.sub(rf"\g<1>{n:06d}", text)
        text = _CHAT.sub(f"7001{n:06d}", text)
        text = _UPDATE.sub(rf"\g<1>9{n:06d}", text)
        return _NAMED.sub(rf"\g<1>x{n}", _SESSION.sub(rf"\g<1>\g<2>x{n}", text))

    return replace(
        raw,
        path=_IN_PATH.sub(rf"\g<1>\g<2>x{n}/", raw.path),
        query=renewed(raw.query),
        body=renewed(raw.body.decode("latin-1")).encode("latin-1"),
        headers={
            name: f"{value}x{n}" if name == "user-session" else renewed(value) for name, value in raw.headers.items()
        },
    )


def person_of(address: str) -> int:
    """Whose address it is."""
    return int(address[-6:])


def person_of_id(external_id: str) -> int:
    """Whose message has this id; -1 where the table's own id could not be told from its words."""
    named = re.search(r"x([0-9]+)$", external_id)
    if named:
        return int(named[1])
    return int(external_id[-6:]) if re.fullmatch(r"9[0-9]{6}", external_id) else -1
