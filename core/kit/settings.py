"""Everything that can be set from outside, typed; production refuses what is missing or meant for the demo."""

from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMO_SECRETS: Final = {
    "webhook_secret": "demo",
    "pepper": "demo-pepper",
    "place_key": "demo-place-key",
    "africastalking_api_key": "demo-at-key",
    "mtn_subscription_key": "demo-mtn-subscription",
    "mtn_api_key": "demo-mtn-api-key",
    "twilio_token": "demo-twilio-token",
    "meta_app_secret": "demo-meta-secret",
    "meta_verify_token": "demo-verify",
    "meta_access_token": "demo-meta-access",
    "telegram_token": "384000:demo-telegram-bot-token",
    "telegram_secret": "demo-telegram-secret",
}
"""What the demo runs on; each of them is refused in production."""

DEMO_NAMES: Final = {
    "africastalking_username": "sandbox",
    "mtn_api_user": "5a1f9c52-7c1e-4d0e-9f55-0d3c0a6b7e11",
    "twilio_account": "AC00000000000000000000000000000384",
    "meta_phone_number_id": "384000000000001",
    "help_phone": "+237650003850",
}
"""Names of the demo's accounts, and its number where a person answers: no secrets, but not those of production."""


DEMO_PARLAYX: Final = {"parlayx_sp_id": "384001", "parlayx_password": "demo-parlayx-password"}
"""What the demo tells the sandbox's ParlayX; in production this gateway may stay switched off."""


class Settings(BaseSettings):
    """The settings of one process, read from ``TOIT_*`` variables (``.env.example`` lists them all)."""

    model_config = SettingsConfigDict(
        env_prefix="TOIT_", env_file=".env", extra="ignore", populate_by_name=True, hide_input_in_errors=True
    )

    env: Literal["demo", "production"] = "demo"
    home: Path = Path(".toit")
    host: str = "127.0.0.1"
    port: int = 8080
    sandbox_port: int = 8090
    database_url: str = Field("", validation_alias="DATABASE_URL")
    redis_url: str = Field("", validation_alias="REDIS_URL")
    public_url: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_exchanges: bool = False
    brand: str = "Trouve Moi Un Toit"
    sms_sender: str = "TMUT"
    sms_number: str = "8123"
    help_phone: str = DEMO_NAMES["help_phone"]
    service_code: str = "*384#"
    answer_within_s: float = 8.0

    webhook_secret: SecretStr = SecretStr(DEMO_SECRETS["webhook_secret"])
    pepper: SecretStr = SecretStr(DEMO_SECRETS["pepper"])
    place_key: SecretStr = SecretStr(DEMO_SECRETS["place_key"])

    africastalking_url: str = ""
    africastalking_username: str = DEMO_NAMES["africastalking_username"]
    africastalking_api_key: SecretStr = SecretStr(DEMO_SECRETS["africastalking_api_key"])

    mtn_url: str = ""
    mtn_environment: str = "mtncameroon"
    mtn_currency: Literal["XAF", "XOF"] = "XAF"
    mtn_subscription_key: SecretStr = SecretStr(DEMO_SECRETS["mtn_subscription_key"])
    mtn_api_user: str = DEMO_NAMES["mtn_api_user"]
    mtn_api_key: SecretStr = SecretStr(DEMO_SECRETS["mtn_api_key"])

    parlayx_url: str = ""
    parlayx_sp_id: str = ""
    parlayx_service_id: str = ""
    parlayx_password: SecretStr = SecretStr("")

    twilio_url: str = ""
    twilio_account: str = DEMO_NAMES["twilio_account"]
    twilio_token: SecretStr = SecretStr(DEMO_SECRETS["twilio_token"])
    twilio_whatsapp: str = "+237650003840"
    twilio_sms: str = "+237650003841"

    meta_url: str = ""
    meta_phone_number_id: str = DEMO_NAMES["meta_phone_number_id"]
    meta_app_secret: SecretStr = SecretStr(DEMO_SECRETS["meta_app_secret"])
    meta_verify_token: SecretStr = SecretStr(DEMO_SECRETS["meta_verify_token"])
    meta_access_token: SecretStr = SecretStr(DEMO_SECRETS["meta_access_token"])

    telegram_url: str = ""
    telegram_token: SecretStr = SecretStr(DEMO_SECRETS["telegram_token"])
    telegram_secret: SecretStr = SecretStr(DEMO_SECRETS["telegram_secret"])

    @model_validator(mode="after")
    def _defaults(self) -> Self:
        sandbox = f"http://127.0.0.1:{self.sandbox_port}"
        self.public_url = (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")
        self.twilio_url = self.twilio_url or f"{sandbox}/twilio"
        self.meta_url = self.meta_url or f"{sandbox}/meta"
        self.telegram_url = self.telegram_url or f"{sandbox}/telegram"
        self.africastalking_url = self.africastalking_url or f"{sandbox}/africastalking/version1"
        self.mtn_url = self.mtn_url or f"{sandbox}/mtn"
        if self.env == "demo" and not self.parlayx_url:
            self.parlayx_url = f"{sandbox}/parlayx/sendUssd"
            self.parlayx_sp_id = self.parlayx_sp_id or DEMO_PARLAYX["parlayx_sp_id"]
            password = self.parlayx_password.get_secret_value() or DEMO_PARLAYX["parlayx_password"]
            self.parlayx_password = SecretStr(password)
        return self

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        if self.env == "production" and (unfit := sorted(self._unfit())):
            raise ValueError(f"production refuses to start; set {', '.join(unfit)}")
        return self

    def _unfit(self) -> set[str]:
        """The variables that production may not leave empty, short, at their demo value or on loopback."""
        unfit = {
            f"TOIT_{name.upper()}"
            for name, demo in DEMO_SECRETS.items()
            if len(value := getattr(self, name).get_secret_value()) < 16 or value == demo
        }
        unfit |= {f"TOIT_{name.upper()}" for name, demo in DEMO_NAMES.items() if getattr(self, name) in {"", demo}}
        urls = ("public_url", "africastalking_url", "mtn_url", "twilio_url", "meta_url", "telegram_url")
        unfit |= {f"TOIT_{name.upper()}" for name in urls if not getattr(self, name).startswith("https://")}
        unfit |= self._unfit_parlayx() if self.parlayx_url else set()
        return unfit if self.database_url else unfit | {"DATABASE_URL"}

    def _unfit_parlayx(self) -> set[str]:
        """The same of a gateway that may stay switched off: the operator chooses its secret, and may choose badly."""
        told = {"parlayx_sp_id": self.parlayx_sp_id, "parlayx_password": self.parlayx_password.get_secret_value()}
        unfit = {f"TOIT_{name.upper()}" for name, value in told.items() if value in {"", DEMO_PARLAYX[name]}}
        return unfit if self.parlayx_url.startswith("https://") else unfit | {"TOIT_PARLAYX_URL"}

    @property
    def secret(self) -> str:
        """The unguessable part of the webhook addresses."""
        return self.webhook_secret.get_secret_value()
