"""Messages as Meta brings them, and what each of them is: good, nasty and malformed."""

import json
from datetime import UTC, datetime
from typing import Any

from bot.inbound import Contact, Location, Media

ALICE, WA_ID = "+237677000001", "237677000001"
AT = datetime(2026, 11, 5, 8, 0, tzinfo=UTC)
STAMP = str(int(AT.timestamp()))

Json = dict[str, Any]
PROFILE: Json = {"profile": {"name": "Ngo Alice"}, "wa_id": WA_ID}


def change(*messages: Any, field: str = "messages", statuses: Any = None, **more: Any) -> Json:
    """One change with its value."""
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1"}, "contacts": [PROFILE], **more}
    value |= {"messages": list(messages)} if messages else {}
    value |= {} if statuses is None else {"statuses": statuses}
    return {"field": field, "value": value}


def batch(*changes: Any) -> bytes:
    """A body of one entry."""
    return body({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": list(changes)}]})


def body(found: Any) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode()


def said(kind: str, found: Any = None, **more: Any) -> Json:
    """A message of Alice's."""
    part = {} if found is None else {kind: found}
    return {"from": WA_ID, "id": "wamid.A1", "timestamp": STAMP, "type": kind, **part, **more}


SAID: Json = {
    "kind": "message", "channel": "whatsapp", "source": "meta", "sender": ALICE, "phone": ALICE,
    "external_id": "wamid.A1", "name": "Ngo Alice", "at": AT,
}  # fmt: skip
UNSUPPORTED: Json = {**SAID, "kind": "unsupported"}
IGNORED: Json = {**SAID, "kind": "ignored"}
TAPPED: Json = {**SAID, "kind": "selection"}
MALFORMED: Json = {"kind": "ignored", "channel": "whatsapp", "source": "meta", "reason": "malformed"}
NOBODY: Json = {
    **{name: IGNORED[name] for name in ("kind", "channel", "source", "external_id", "at")},
    "reason": "the sender cannot be answered",
}
TEXT: Json = {"body": "menu"}
UNKNOWN: list[Json] = [{"code": 131051, "title": "Message type unknown"}]

READ: list[tuple[str, Any, Json]] = [
    ("text", said("text", TEXT), {**SAID, "text": "menu"}),
    ("an empty text", said("text", {"body": ""}), SAID),
    ("text in every script", said("text", {"body": "Déjà payé ? 🏠 شقة \u202e"}),
     {**SAID, "text": "Déjà payé ? 🏠 شقة \u202e"}),
    ("an answer to a message of ours", said("text", TEXT, context={"from": "1", "id": "wamid.O1"}),
     {**SAID, "text": "menu", "reply_to": "wamid.O1"}),
    ("a context that is none", said("text", TEXT, context=["x"]), {**SAID, "text": "menu"}),
    ("an unknown part beside the text", said("text", TEXT, referral={"source_id": "9"}, brand_new={"a": [1]}),
     {**SAID, "text": "menu"}),
    ("a picture", said("image", {"id": "77", "mime_type": "image/jpeg", "sha256": "x"}),
     {**SAID, "kind": "media", "media": (Media("77", "image/jpeg"),)}),
    ("a picture with a caption and an address",
     said("image", {"id": "77", "mime_type": "image/jpeg", "caption": "le toit", "url": "https://x/77"}),
     {**SAID, "kind": "media", "text": "le toit", "media": (Media("77", "image/jpeg", "https://x/77"),)}),
    ("a film", said("video", {"id": "78", "mime_type": "video/mp4", "caption": None}),
     {**SAID, "kind": "media", "media": (Media("78", "video/mp4"),)}),
    ("a document", said("document", {"id": "79", "mime_type": "application/pdf", "filename": "bail.pdf"}),
     {**SAID, "kind": "media", "media": (Media("79", "application/pdf", name="bail.pdf"),)}),
    ("a voice note", said("audio", {"id": "80", "mime_type": "audio/ogg; codecs=opus", "voice": True}),
     {**SAID, "kind": "media", "media": (Media("80", "audio/ogg; codecs=opus"),)}),
    ("a sticker", said("sticker", {"id": "81", "mime_type": "image/webp", "animated": False}),
     {**SAID, "kind": "media", "media": (Media("81", "image/webp"),)}),
    ("a picture without an id", said("image", {"mime_type": "image/jpeg"}), MALFORMED),
    ("a pin", said("location", {"latitude": 3.8861, "longitude": 11.5021}),
     {**SAID, "kind": "location", "location": Location(3.8861, 11.5021)}),
    ("a named pin", said("location", {"latitude": -3, "longitude": "0", "name": "Carrefour", "address": "Rue 1"}),
     {**SAID, "kind": "location", "location": Location(-3.0, 0.0, "Carrefour")}),
    ("a pin with an address", said("location", {"latitude": 1.5, "longitude": 2, "name": None, "address": "Rue 1"}),
     {**SAID, "kind": "location", "location": Location(1.5, 2.0, "Rue 1")}),
    ("a pin off the earth", said("location", {"latitude": 91, "longitude": 2}), MALFORMED),
    ("half a pin", said("location", {"latitude": 3.9}), MALFORMED),
    ("a card", said("contacts", [{"name": {"formatted_name": "Paul"}, "phones": [
        {"phone": "+237 6 77 00 00 02", "wa_id": "237677000002", "type": "CELL"}]}]),
     {**SAID, "kind": "contact", "contact": Contact("Paul", ("+237677000002",), own=None)}),
    ("one's own card is a card like any other", said("contacts", [{"phones": [{"wa_id": WA_ID}]}]),
     {**SAID, "kind": "contact", "contact": Contact("", (ALICE,), own=None)}),
    ("cards", said("contacts", [{"name": {"formatted_name": "Paul"}, "phones": [{"phone": "677 00 00 02"}]},
                                {"name": None, "phones": []}, {"name": {"formatted_name": "Rose"}, "phones": None}]),
     {**SAID, "kind": "contact", "contact": Contact("Paul, Rose", ("677 00 00 02",), own=None)}),
    ("cards that are none", said("contacts", {"name": "Paul"}), MALFORMED),
    ("a button", said("interactive", {"type": "button_reply", "button_reply": {"id": "12:1", "title": "Payer"}},
                      context={"id": "wamid.O1"}),
     {**TAPPED, "choice": "12:1", "text": "Payer", "reply_to": "wamid.O1"}),
    ("a line of a list",
     said("interactive", {"type": "list_reply", "list_reply": {"id": "12:9", "title": "Bastos", "description": "x"}}),
     {**TAPPED, "choice": "12:9", "text": "Bastos"}),
    ("a quick reply", said("button", {"payload": "12:2", "text": "Lire"}),
     {**TAPPED, "choice": "12:2", "text": "Lire"}),
    ("a quick reply without a payload", said("button", {"text": "Lire"}), {**TAPPED, "text": "Lire"}),
    ("a form", said("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{}", "body": "Sent"}}),
     {**UNSUPPORTED, "reason": "flow"}),
    ("a tap of a new kind", said("interactive", {"type": "wave", "wave": {}}), {**UNSUPPORTED, "reason": "wave"}),
    ("a tap without its button", said("interactive", {"type": "button_reply"}),
     {**UNSUPPORTED, "reason": "button_reply"}),
    ("a tap without a body", said("interactive"), {**UNSUPPORTED, "reason": "interactive"}),
    ("a tap on nothing", said("interactive", {"type": "button_reply", "button_reply": {"title": "x"}}), MALFORMED),
    ("unsupported", said("unsupported", errors=UNKNOWN), {**UNSUPPORTED, "reason": "131051"}),
    ("unsupported for no reason", said("unsupported"), {**UNSUPPORTED, "reason": "unsupported"}),
    ("errors that are none", said("unsupported", errors={"code": 1}), {**UNSUPPORTED, "reason": "unsupported"}),
    ("an order", said("order", {"catalog_id": "1", "product_items": []}), {**UNSUPPORTED, "reason": "order"}),
    ("a kind of next year", said("hologram", {"id": "1"}), {**UNSUPPORTED, "reason": "hologram"}),
    ("a reaction", said("reaction", {"message_id": "wamid.O1", "emoji": "👍"}), {**IGNORED, "reason": "reaction"}),
    ("a reaction taken back", said("reaction", {"message_id": "wamid.O1"}), {**IGNORED, "reason": "reaction"}),
    ("a message taken back", said("revoke", {"original_message_id": "wamid.O1"}), {**IGNORED, "reason": "revoke"}),
    ("a chat opened", said("request_welcome"), {**IGNORED, "reason": "request_welcome"}),
    ("in a group", said("text", TEXT, group_id="G1"), {**IGNORED, "reason": "group"}),
    ("an edited text", said("edit", {"original_message_id": "wamid.O0", "message": {"type": "text", "text": TEXT}}),
     {**SAID, "kind": "edit", "text": "menu", "reply_to": "wamid.O0", "reason": "edit"}),
    ("an edited caption", said("edit", {"original_message_id": "wamid.O0", "message": {
        "type": "image", "image": {"id": "77", "caption": "le mur"}}}),
     {**SAID, "kind": "edit", "text": "le mur", "media": (Media("77"),), "reply_to": "wamid.O0", "reason": "edit"}),
    ("an edit of an edit", said("edit", {"original_message_id": "wamid.O0", "message": {"type": ["edit"]}}),
     {**SAID, "kind": "edit", "reply_to": "wamid.O0", "reason": "edit"}),
    ("an edit of nothing", said("edit", {"message": {"type": "text", "text": TEXT}}), MALFORMED),
    ("another number", said("system", {"type": "user_changed_number", "wa_id": "237677000009", "body": "x"}),
     {**SAID, "kind": "identity_change", "sender": "+237677000009", "phone": "+237677000009", "previous": ALICE,
      "reason": "user_changed_number"}),
    ("another number, as it was once said",
     said("system", {"type": "customer_changed_number", "new_wa_id": "237677000009"}),
     {**SAID, "kind": "identity_change", "sender": "+237677000009", "phone": "+237677000009", "previous": ALICE,
      "reason": "customer_changed_number"}),
    ("another id", said("system", {"type": "user_changed_user_id", "user_id": "CM.99"}),
     {**{name: value for name, value in SAID.items() if name != "phone"}, "kind": "identity_change",
      "sender": "CM.99", "previous": ALICE, "reason": "user_changed_user_id"}),
    ("another number nobody tells", said("system", {"type": "user_changed_number"}),
     {**SAID, "kind": "identity_change", "reason": "user_changed_number"}),
    ("another device", said("system", {"type": "customer_identity_changed"}, identity={"hash": "x"}),
     {**SAID, "kind": "identity_change", "reason": "customer_identity_changed"}),
    ("news of the system", said("system", {"type": "group_created"}), {**IGNORED, "reason": "system group_created"}),
    ("from nobody", said("text", TEXT, **{"from": None}), NOBODY),
    ("from a group's id", said("text", TEXT, **{"from": "237677000001-1600000000"}), NOBODY),
    ("from an id", said("text", TEXT, **{"from": "CM.45"}),
     {**{name: value for name, value in SAID.items() if name not in {"phone", "name"}}, "sender": "CM.45",
      "alias": "CM.45", "text": "menu"}),
    ("from an id of its own field", {**said("text", TEXT), "from": None, "from_user_id": "US.ENT.118157"},
     {**{name: value for name, value in SAID.items() if name not in {"phone", "name"}}, "sender": "US.ENT.118157",
      "alias": "US.ENT.118157", "text": "menu"}),
    ("from a number and an id", said("text", TEXT, from_user_id="CM.45"), {**SAID, "text": "menu", "alias": "CM.45"}),
    ("of no time", said("text", TEXT, timestamp="soon"),
     {**{name: value for name, value in SAID.items() if name != "at"}, "text": "menu"}),
    ("of the end of time", said("text", TEXT, timestamp=10**30),
     {**{name: value for name, value in SAID.items() if name != "at"}, "text": "menu"}),
    ("without an id", {**said("text", TEXT), "id": None}, MALFORMED),
    ("with an empty id", said("text", TEXT, id=""), MALFORMED),
    ("with an id that breaks lines", said("text", TEXT, id="a\nb"), MALFORMED),
    ("with an endless id", said("text", TEXT, id="w" * 513), MALFORMED),
    ("without a kind", said("text", TEXT, type=None), MALFORMED),
    ("with a kind that is none", said("text", TEXT, type=["text"]), MALFORMED),
    ("with a text that is none", said("text", {"body": 5}), MALFORMED),
    ("with a NUL", said("text", {"body": "me\0nu"}), {**SAID, "text": "menu"}),
    ("without its text", said("text"), {**UNSUPPORTED, "reason": "text"}),
    ("a number instead", 5, MALFORMED),
    ("a list instead", [said("text", TEXT)], MALFORMED),
    ("null instead", None, MALFORMED),
]  # fmt: skip
