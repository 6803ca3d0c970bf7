"""A phone in the terminal: plays the gateway's part against the running app."""

import json
import secrets
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from core.kit.settings import Settings
from webhooks.demo import people


def get_json(url: str) -> Any:
    """What an address answers. Raises OSError when it does not."""
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - an address the operator typed
        return json.load(answer)


def run(settings: Settings, number: str, code: str, keep: Path | None) -> int:
    """Dial, show, read an answer, until the session ends; 1 when the app cannot be reached."""
    number = number or next((str(person["number"]) for person in people(settings.home)), "+237670000101")
    call = _Call(settings, number, code or settings.service_code)
    try:
        call.talk()
    except urllib.error.HTTPError as error:
        print(f"toit: the app refused: {error.code} {error.read().decode(errors='replace').strip()}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"toit: no app at {settings.public_url} ({error}); start one with: make demo", file=sys.stderr)
        return 1
    finally:
        if keep:
            keep.write_text("".join(call.transcript), encoding="utf-8")
    return 0


class _Call:
    """One session, as Africa's Talking would post it: the text of each request repeats all that was typed."""

    def __init__(self, settings: Settings, number: str, code: str) -> None:
        self._url = f"{settings.public_url}/webhooks/ussd/africastalking/{settings.secret}"
        self._form = {
            "sessionId": f"ATUid_{secrets.token_hex(16)}",
            "phoneNumber": number,
            "networkCode": "99999",
            "serviceCode": code,
        }
        self._typed: list[str] = []
        self.transcript: list[str] = []
        self._said = code

    def talk(self) -> None:
        while True:
            screen = self._post()
            print(f"\n{screen[4:]}\n", flush=True)
            self.transcript.append(f"> {self._said}\n{screen[4:]}\n{'' if screen.startswith('CON ') else '(fin)'}\n")
            if not screen.startswith("CON "):
                return
            try:
                said = input("? ").strip()
            except (EOFError, KeyboardInterrupt):
                return
            self._typed.append(said)
            self._said = "****" if _is_secret(screen) else said

    def _post(self) -> str:
        body = urllib.parse.urlencode({**self._form, "text": "*".join(self._typed)}).encode()
        with urllib.request.urlopen(self._url, body, timeout=15) as answer:  # noqa: S310 - the app's own address
            return str(answer.read().decode())


def _is_secret(screen: str) -> bool:
    """A question for the PIN: what is typed there is kept out of the transcript."""
    return "code secret" in screen.lower() or "pin" in screen.lower().split()
