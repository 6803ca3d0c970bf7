"""Settings: every variable is listed, and production refuses what is missing, short or meant for the demo."""

import io
import re
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import ValidationError

from core.kit.settings import DEMO_NAMES, DEMO_SECRETS, Settings

ROOT = Path(__file__).parent.parent
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
GOOD = "0123456789abcdef"
SOUND = {
    "TOIT_ENV": "production",
    "DATABASE_URL": "postgresql://toit:secret@db/toit",
    "TOIT_PUBLIC_URL": "https://toit.example",
    "TOIT_AFRICASTALKING_URL": "https://sms.example",
    "TOIT_MTN_URL": "https://momo.example",
    "TOIT_TWILIO_URL": "https://twilio.example",
    "TOIT_META_URL": "https://meta.example",
    "TOIT_TELEGRAM_URL": "https://telegram.example",
    **{f"TOIT_{name.upper()}": GOOD for name in (*DEMO_SECRETS, *DEMO_NAMES)},
}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no file of the machine that runs the test."""
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def variables() -> set[str]:
    """The environment variables that Settings reads."""
    return {str(field.validation_alias or f"TOIT_{name.upper()}") for name, field in Settings.model_fields.items()}


def started(monkeypatch: pytest.MonkeyPatch, **changed: str) -> Settings:
    """Settings of a sound production, but for what is changed; "" leaves a variable out."""
    for name, value in {**SOUND, **changed}.items():
        if value:
            monkeypatch.setenv(name, value)
    return Settings()


def refusal(monkeypatch: pytest.MonkeyPatch, **changed: str) -> set[str]:
    """The variables that a refusal to start names."""
    with pytest.raises(ValidationError) as refused:
        started(monkeypatch, **changed)
    return set(re.findall(r"[A-Z]+_[A-Z_]+", str(refused.value.errors()[0]["msg"])))


def test_the_example_lists_exactly_the_settings() -> None:
    listed = re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE)
    compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert len(listed) == len(set(listed))
    assert set(listed) == variables() | compose


def test_the_example_explains_every_setting() -> None:
    """Each line, or the line it directly follows, has a comment above."""
    unexplained = re.findall(r"^\n+([A-Z_]+)=", EXAMPLE, re.MULTILINE)
    assert not unexplained


def test_the_example_holds_no_secret_and_otherwise_the_defaults() -> None:
    told = dotenv_values(stream=io.StringIO(EXAMPLE))
    secrets = {f"TOIT_{name.upper()}" for name in DEMO_SECRETS} | {"POSTGRES_PASSWORD"}
    assert all(told[name] == "" for name in secrets)
    for name, field in Settings.model_fields.items():
        variable = str(field.validation_alias or f"TOIT_{name.upper()}")
        if variable not in secrets | {"TOIT_ENV"}:
            assert told[variable] == str(field.default)


def test_the_example_as_it_stands_is_refused_and_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(EXAMPLE, encoding="utf-8")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert all(name in str(refused.value) for name in SOUND if name != "TOIT_ENV")


def test_the_demo_needs_nothing() -> None:
    settings = Settings()
    assert settings.env == "demo"
    assert settings.secret == "demo"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.mtn_url.startswith("http://127.0.0.1:8090/")
    assert settings.africastalking_url.startswith("http://127.0.0.1:8090/")


def test_the_demo_pushes_its_screens_to_the_sandbox_and_production_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = Settings()
    assert demo.parlayx_url == "http://127.0.0.1:8090/parlayx/sendUssd"
    assert demo.parlayx_sp_id
    assert demo.parlayx_password.get_secret_value()
    production = started(monkeypatch)
    assert (production.parlayx_url, production.parlayx_sp_id) == ("", "")


def test_ports_move_every_address_of_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOIT_PORT", "9080")
    monkeypatch.setenv("TOIT_SANDBOX_PORT", "9090")
    settings = Settings()
    assert settings.public_url == "http://127.0.0.1:9080"
    assert settings.mtn_url.startswith("http://127.0.0.1:9090/")
    assert settings.africastalking_url.startswith("http://127.0.0.1:9090/")


def test_a_sound_production_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch).env == "production"


@pytest.mark.parametrize("name", sorted(DEMO_SECRETS))
def test_production_refuses_a_missing_secret(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    variable = f"TOIT_{name.upper()}"
    assert refusal(monkeypatch, **{variable: ""}) == {variable}


@pytest.mark.parametrize(("name", "demo"), sorted(DEMO_SECRETS.items()))
def test_production_refuses_a_demo_secret(monkeypatch: pytest.MonkeyPatch, name: str, demo: str) -> None:
    variable = f"TOIT_{name.upper()}"
    assert refusal(monkeypatch, **{variable: demo}) == {variable}


@pytest.mark.parametrize("name", sorted(DEMO_SECRETS))
def test_production_refuses_a_short_secret(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    variable = f"TOIT_{name.upper()}"
    assert refusal(monkeypatch, **{variable: GOOD[:-1]}) == {variable}


@pytest.mark.parametrize("name", ["DATABASE_URL", "TOIT_PUBLIC_URL", "TOIT_AFRICASTALKING_URL", "TOIT_MTN_URL"])
def test_production_refuses_a_missing_address(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert refusal(monkeypatch, **{name: ""}) == {name}


def test_production_refuses_addresses_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(monkeypatch, TOIT_MTN_URL="http://momo.example") == {"TOIT_MTN_URL"}


def test_a_refusal_names_everything_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    named = refusal(monkeypatch, TOIT_PEPPER="", TOIT_PLACE_KEY="", DATABASE_URL="")
    assert named == {"TOIT_PEPPER", "TOIT_PLACE_KEY", "DATABASE_URL"}


def test_a_refusal_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError) as refused:
        started(monkeypatch, TOIT_MTN_URL="")
    assert GOOD not in str(refused.value)
