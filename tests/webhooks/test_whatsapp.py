"""Meta's WhatsApp webhook: verification, batches, every kind of message and status; good, nasty and hostile."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from core.kit.settings import Settings
from tests.webhooks.meta_table import (
    ALICE,
    AT,
    PROFILE,
    READ,
    STAMP,
    TEXT,
    UNKNOWN,
    WA_ID,
    Json,
    batch,
    body,
    change,
    said,
)
from tests.webhooks.signing import meta_request, meta_signature, shown
from webhooks.raw import FORM, Raw, Rejected
from webhooks.whatsapp import challenge, read

SECRET, VERIFY = "app-secret-of-ours", "verify-token-of-ours"
SETTINGS = Settings(_env_file=None, meta_app_secret=SECRET, meta_verify_token=VERIFY)
MESSAGES = pytest.mark.parametrize(("message", "expected"), [row[1:] for row in READ], ids=[row[0] for row in READ])


def heard(raw: bytes) -> list[dict[str, object]]:
    return [shown(event) for event in read(meta_request(SECRET, raw), SETTINGS)]


@MESSAGES
def test_what_is_said_is_read(message: Any, expected: Json) -> None:
    assert heard(batch(change(message))) == [expected]


@MESSAGES
def test_a_batch_loses_nothing_to_its_neighbours(message: Any, expected: Json) -> None:
    good, last = said("text", {"body": "avant"}, id="wamid.0"), said("text", {"body": "après"}, id="wamid.9")
    events = heard(batch(change(good, message), change(last)))
    assert [event.get("text") for event in (events[0], events[2])] == ["avant", "après"]
    assert events[1:-1] == [expected]


def test_half_a_surrogate_pair_costs_its_batch_nothing() -> None:
    whole = batch(change(said("text", {"body": "a@b"}), said("text", {"body": "après"})))
    events = heard(whole.replace(b"@", rb"\ud800"))
    assert [event.get("text") for event in events] == ["a\ufffdb", "après"]


def test_everything_of_every_entry_is_read_in_its_order() -> None:
    names = iter("abcdefgh")

    def two() -> Json:
        return change(*(said("text", {"body": next(names)}) for _ in range(2)))

    found = {"object": "whatsapp_business_account", "entry": [{"changes": [two(), two()]}, {"changes": [two(), two()]}]}
    assert [event["text"] for event in heard(body(found))] == [*"abcdefgh"]


def test_messages_come_before_the_statuses_of_the_same_change() -> None:
    status = {"id": "wamid.O1", "status": "read"}
    assert [event["kind"] for event in heard(batch(change(said("text", TEXT), statuses=[status])))] == [
        "message",
        "delivery_status",
    ]


def test_the_error_of_a_batch_explains_what_has_none_of_its_own() -> None:
    (event,) = heard(batch(change(said("interactive"), errors=[{"code": 131000}])))
    assert (event["kind"], event["reason"]) == ("unsupported", "131000")


def test_integrators_see_what_else_came() -> None:
    people = [{**PROFILE, "user_id": "CM.45"}]
    voice = said("audio", {"id": "80", "voice": True}, context={"frequently_forwarded": True})
    unknown, cards = said("unsupported", errors=UNKNOWN), said("contacts", [{}, {}])
    edit = said("edit", {"original_message_id": "wamid.O0"})
    line = said("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "a", "description": "b"}})
    raws = [
        event.raw
        for event in read(
            meta_request(SECRET, batch(change(voice, unknown, cards, edit, line, contacts=people))), SETTINGS
        )
    ]
    ident = {"business_user_id": "CM.45"}
    assert raws == [
        {**ident, "forwarded": True, "voice": True},
        {**ident, "error": 131051},
        {**ident, "count": 2},
        {**ident, "original_id": "wamid.O0"},
        {**ident, "description": "b"},
    ]


@pytest.mark.parametrize(
    "people", [None, 5, [], [5], [{"wa_id": 5}], [{"wa_id": WA_ID}], [{"wa_id": WA_ID, "profile": {"name": None}}]]
)
def test_a_name_is_not_needed(people: Any) -> None:
    (event,) = heard(batch(change(said("text", TEXT), contacts=people)))
    assert (event["text"], event.get("name")) == ("menu", None)


def test_the_name_is_that_of_who_wrote() -> None:
    people = [
        {"profile": {"name": "Paul"}, "wa_id": "237677000002"},
        {"profile": {"name": "A" * 500}, "user_id": "CM.4"},
    ]
    events = heard(batch(change(said("text", TEXT, **{"from": None}, from_user_id="CM.4"), contacts=people)))
    assert events[0]["name"] == "A" * 128


# --- what is no message ------------------------------------------------------------------------------------


def quiet(reason: str) -> list[Json]:
    return [{"kind": "ignored", "channel": "whatsapp", "source": "meta", "reason": reason}]


OTHERS: list[tuple[bytes, str]] = [
    (batch(change(said("text", TEXT), field="smb_message_echoes")), "field smb_message_echoes"),
    (batch(change(field="account_update")), "field account_update"),
    (batch({"value": {"messages": [said("text", TEXT)]}}), "field None"),
    (batch(change()), "nothing in it"),
    (batch(change(errors=[{"code": 131031}])), "error 131031"),
    (batch(change(errors=[{"code": "a\nb"}])), "nothing in it"),
    (batch(5), "malformed"),
    (batch({"field": "messages", "value": []}), "malformed"),
    (body({"object": "instagram", "entry": [{"changes": [change(said("text", TEXT))]}]}), "object instagram"),
    (body({}), "object None"),
]


@pytest.mark.parametrize(("raw", "reason"), OTHERS, ids=[reason for _, reason in OTHERS])
def test_what_is_no_message_of_ours_is_acknowledged(raw: bytes, reason: str) -> None:
    assert heard(raw) == quiet(reason)


@pytest.mark.parametrize("entry", [None, 5, {}, [], [5], [{}], [{"changes": None}], [{"changes": {"a": 1}}]])
def test_an_envelope_with_nothing_in_it_is_acknowledged(entry: Any) -> None:
    assert heard(body({"object": "whatsapp_business_account", "entry": entry})) == []


REPORTED: Json = {
    "kind": "delivery_status", "channel": "whatsapp", "source": "meta", "external_id": "wamid.O1", "sender": ALICE,
    "phone": ALICE, "at": AT,
}  # fmt: skip
FAILED = [{"code": 131047, "title": "Re-engagement message"}]
STATUSES: list[tuple[Json, Json]] = [
    *(({"status": word}, {"delivery": word}) for word in ("sent", "delivered", "read", "deleted", "beamed")),
    ({"status": "played"}, {"delivery": "read"}),
    ({"status": "failed", "errors": FAILED}, {"delivery": "failed", "reason": "131047"}),
    ({"status": "failed", "errors": [{"code": "x"}]}, {"delivery": "failed", "reason": "x"}),
    ({"status": "failed", "errors": [5]}, {"delivery": "failed"}),
    ({"status": "failed", "errors": None}, {"delivery": "failed"}),
    ({"status": "sent", "pricing": {"billable": True}, "conversation": None}, {"delivery": "sent"}),
    ({"status": "read", "recipient_id": "G1", "recipient_type": "group"},
     {"delivery": "read", "sender": None, "phone": None}),
    ({"status": "read", "recipient_id": None, "recipient_user_id": "CM.45"},
     {"delivery": "read", "sender": "CM.45", "phone": None}),
    ({"status": "read", "timestamp": None}, {"delivery": "read", "at": None}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), STATUSES)
def test_what_became_of_a_message_is_read(changes: Json, expected: Json) -> None:
    status = {"id": "wamid.O1", "recipient_id": WA_ID, "timestamp": STAMP, **changes}
    expected = {name: value for name, value in (REPORTED | expected).items() if value}
    assert heard(batch(change(statuses=[status]))) == [expected]


@pytest.mark.parametrize("status", [5, None, {}, {"id": "wamid.O1"}, {"status": "sent"}, {"id": 5, "status": "sent"}])
def test_a_status_that_is_none_takes_no_other_with_it(status: Any) -> None:
    good = {"id": "wamid.O1", "status": "sent"}
    events = heard(batch(change(statuses=[good, status, good])))
    assert [event["kind"] for event in events] == ["delivery_status", "ignored", "delivery_status"]


# --- who may ask -------------------------------------------------------------------------------------------

ASKED = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}


def verification(fields: Mapping[str, str]) -> Raw:
    return Raw("GET", "/webhooks/whatsapp", "&".join(f"{name}={value}" for name, value in fields.items()))


def test_a_verification_is_answered_with_its_challenge() -> None:
    assert challenge(verification(ASKED), SETTINGS) == "1158201444"
    assert read(verification(ASKED), SETTINGS) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"hub.verify_token": "other"}, 403),
        ({"hub.verify_token": ""}, 403),
        ({"hub.verify_token": VERIFY + "x"}, 403),
        ({"hub.verify_token": "%C3%A9"}, 403),
        ({"hub.mode": "unsubscribe"}, 403),
        ({"hub.mode": ""}, 403),
        ({"hub.challenge": ""}, 400),
        ({"hub.challenge": "%FF"}, 400),
    ],
)
def test_a_wrong_verification_is_refused(changes: Mapping[str, str], status: int) -> None:
    for ask in (challenge, read):
        with pytest.raises(Rejected) as refused:
            ask(verification({**ASKED, **changes}), SETTINGS)
        assert refused.value.status == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "get"])
def test_other_methods_are_refused(method: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(replace(meta_request(SECRET, batch(change(said("text", TEXT)))), method=method), SETTINGS)
    assert refused.value.status == 405


HEADER = "x-hub-signature-256"


def signed(raw: Raw, value: str | None) -> Raw:
    kept = {name: given for name, given in raw.headers.items() if name != HEADER}
    return replace(raw, headers=kept if value is None else {**kept, HEADER: value})


FORGERIES: dict[str, Callable[[Raw], Raw]] = {
    "unsigned": lambda raw: signed(raw, None),
    "signed with nothing": lambda raw: signed(raw, ""),
    "badly signed": lambda raw: signed(raw, "sha256=" + "0" * 64),
    "signed in no alphabet": lambda raw: signed(raw, "sha256=é\udcff"),
    "without the algorithm": lambda raw: signed(raw, raw.headers[HEADER].removeprefix("sha256=")),
    "by the older algorithm": lambda raw: signed(raw, raw.headers[HEADER].replace("256", "1")),
    "in capitals": lambda raw: signed(raw, raw.headers[HEADER].upper()),
    "by another": lambda raw: signed(raw, meta_signature("demo-meta-secret", raw.body)),
    "truncated": lambda raw: replace(raw, body=raw.body[:-1]),
    "halved": lambda raw: replace(raw, body=raw.body[: len(raw.body) // 2]),
    "one blank more": lambda raw: replace(raw, body=raw.body + b" "),
    "written again": lambda raw: replace(raw, body=json.dumps(json.loads(raw.body), indent=1).encode()),
    "in another charset": lambda raw: replace(raw, body=raw.body.decode().encode("utf-16")),
    "huge": lambda raw: replace(raw, body=raw.body + b" " * 1_000_000),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_what_is_not_signed_so_is_refused(forge: Callable[[Raw], Raw]) -> None:
    for _, message, _ in READ:
        raw = meta_request(SECRET, batch(change(message)))
        with pytest.raises(Rejected) as refused:
            read(forge(raw), SETTINGS)
        assert refused.value.status == 403


SIGNED_GARBAGE = [
    b"", b"null", b"[]", b"5", b'"x"', b"{", b"\xff", b'{"object": NaN}', b'{"a":' * 50_000,
    batch(change(said("text", TEXT))).decode().encode("utf-16"), batch(change(said("text", TEXT)))[:-1],
]  # fmt: skip


@pytest.mark.parametrize("garbage", SIGNED_GARBAGE, ids=range(len(SIGNED_GARBAGE)))
def test_signed_garbage_is_refused_as_such(garbage: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        read(meta_request(SECRET, garbage), SETTINGS)
    assert refused.value.status == 400


def test_a_signed_form_is_refused_as_such() -> None:
    raw = meta_request(SECRET, batch(change(said("text", TEXT))))
    with pytest.raises(Rejected) as refused:
        read(replace(raw, headers={**raw.headers, "content-type": FORM}), SETTINGS)
    assert refused.value.status == 415


@MESSAGES
def test_whatever_is_cut_out_of_a_signed_message_is_survived(message: Any, expected: Json) -> None:
    assert expected
    for smaller in _cut(message):
        assert len(heard(batch(change(smaller)))) == 1


def _cut(found: Any) -> list[Any]:
    """The same with each part missing, and each part something else."""
    if isinstance(found, dict):
        whole = [{other: part for other, part in found.items() if other != name} for name in found]
        return whole + [{**found, name: other} for name, part in found.items() for other in _cut(part)]
    if isinstance(found, list) and found:
        return [found[1:], *([other, *found[1:]] for other in _cut(found[0]))]
    return [None, 5, -1.5, True, "x", "\u202e" * 10, [], {}, [[]], {"id": {}}]
