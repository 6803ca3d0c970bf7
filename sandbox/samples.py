"""What people send when nobody says which file: a photo, a voice note, a document."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sample:
    """A file as a phone would send it."""

    mime: str
    name: str
    body: bytes


_PHOTO: Final = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABcQERQRDhcUEhQaGBcbIjklIh8fIkYyNSk5UkhXVVFIUE5bZoNvW2F8Yk5QcptzfIeLkpSSWG2grJ"
    "+OqoOPko3/2wBDARgaGiIeIkMlJUONXlBejY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY3/wAARCAA8"
    "AGADASIAAhEBAxEB/8QAGQABAQEBAQEAAAAAAAAAAAAAAAQDBQEC/8QAKRAAAgAEAwcFAQAAAAAAAAAAAAECAwQREhSiBSIxQVNj0RMVIVFSgv"
    "/EABgBAQEBAQEAAAAAAAAAAAAAAAACBAMB/8QAHREAAwEAAgMBAAAAAAAAAAAAAAECEQMiEyExUf/aAAwDAQACEQMRAD8A6wAO5nAAAAPG0ldu"
    "yXMhqdoqG8Mjef6fAmqU/S4ireIvBBTbRUVoZ+6/0uBcmmrp3T5iaVfBcVDxnoAKIAAAAAABPUVcuQrN4o/yjdq6ad/n6djODZ9LE24pV/6fki"
    "20tR041LfY5FRVTKh7ztDyhXAxO/7bSdLU/I9tpOlqfkxvX7ZvVzKxI4BtT1Uyne67w84XwOz7bSdLU/I9tpOlqfkLV7QdzSxoyp6uXPVk8Mf5"
    "ZQZR7PpYWnDKt/T8miVkkr/H27myG2tZg5FKfU9ABZzAI8929Qz3b1HPyx+nuMsNJXM5+e7eoqop/rY93Da3O5N8kucRcLsVAAzmgAAAzm8jM+"
    "a2f6ODdxXvzsS57t6jRHJKnGZ7XYsBHnu3qGe7eoryx+kYyQAGMsGkqfMk39OLDfj8GYAKM7UdTShnajqaUTgHusoztR1NKGdqOppROANZpNnz"
    "J1vUixW4fBmADwAAA//Z"
)
"""A house under a blue sky, 96 x 60."""

_VOICE: Final = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
_DOCUMENT: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_VIDEO: Final = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"

SAMPLES: Final = {
    "photo": Sample("image/jpeg", "photo.jpg", _PHOTO),
    "image": Sample("image/jpeg", "photo.jpg", _PHOTO),
    "voice": Sample("audio/ogg", "voice.ogg", _VOICE),
    "document": Sample("application/pdf", "document.pdf", _DOCUMENT),
    "video": Sample("video/mp4", "video.mp4", _VIDEO),
}
