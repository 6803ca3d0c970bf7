"""What the sandbox is told at start: addresses, folders, demo credentials and the speed of its clocks."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.outbound import is_loopback


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the sandbox can be told; the credentials are for the demo and open nothing real."""

    home: Path
    port: int = 8090
    app: str = "http://127.0.0.1:8080"
    secret: str = "demo"  # noqa: S105 - the demo's, on loopback
    time_scale: float = 1.0
    shortest_limit: float = 1.0
    service_code: str = "*384#"
    sender: str = "TMUT"
    at_key: str = "demo-at-key"
    at_username: str = "sandbox"
    mtn_subscription: str = "demo-mtn-subscription"
    mtn_user: str = "5a1f9c52-7c1e-4d0e-9f55-0d3c0a6b7e11"
    mtn_key: str = "demo-mtn-api-key"
    parlayx_sp_id: str = "384001"
    parlayx_password: str = "demo-parlayx-password"  # noqa: S105
    public: str = ""
    twilio_account: str = "AC00000000000000000000000000000384"
    twilio_token: str = "demo-twilio-token"  # noqa: S105
    twilio_whatsapp: str = "+237650003840"
    twilio_sms: str = "+237650003841"
    meta_phone_number_id: str = "384000000000001"
    meta_display_number: str = "+237650003842"
    meta_app_secret: str = "demo-meta-secret"  # noqa: S105
    meta_access_token: str = "demo-meta-access"  # noqa: S105
    telegram_token: str = "384000:demo-telegram-bot-token"  # noqa: S105
    telegram_secret: str = "demo-telegram-secret"  # noqa: S105

    @property
    def public_url(self) -> str:
        """The address under which the providers know the app: what they sign."""
        return self.public or self.app


PROVIDERS: Final = (
    "parlayx_sp_id",
    "parlayx_password",
    "twilio_account",
    "twilio_token",
    "twilio_whatsapp",
    "twilio_sms",
    "meta_phone_number_id",
    "meta_app_secret",
    "meta_access_token",
    "telegram_token",
    "telegram_secret",
)
"""What is told by the same ``TOIT_…`` variables as the app, so that one environment fits both."""


def read_settings(arguments: Sequence[str] | None, env: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the command line, with the environment as default; a bad value ends the program."""
    parser = _parser(env)
    given = parser.parse_args(arguments)
    if not is_loopback(given.app):
        parser.error(f"--app must be an http address on loopback, not {given.app!r}")
    if given.time_scale <= 0:
        parser.error("--time-scale must be above 0")
    told = {name: env[variable] for name in PROVIDERS if env.get(variable := f"TOIT_{name.upper()}")}
    return Settings(**{**vars(given), **told})


def _parser(env: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__)
    add = parser.add_argument
    app = f"http://127.0.0.1:{env.get('TOIT_PORT', '8080')}"
    add("--port", type=int, default=env.get("TOIT_SANDBOX_PORT", "8090"), help="port on 127.0.0.1")
    add("--app", type=_address, default=app, help="base address of the app, on loopback")
    add("--public", type=_address, default=env.get("TOIT_PUBLIC_URL", ""), help="address the app is configured to have")
    add("--home", type=Path, default=env.get("TOIT_HOME", ".toit"), help="data folder")
    add("--secret", default="demo", help="path secret of the app's callbacks")
    add("--time-scale", type=float, default=1.0, help="60 makes a minute last a second")
    add("--service-code", default="*384#", help="USSD code that leads to the app")
    add("--sender", default="TMUT", help="SMS sender id the app may use")
    return parser


def _address(text: str) -> str:
    return text.rstrip("/")
