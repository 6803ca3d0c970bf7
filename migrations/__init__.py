"""The database's history, as Alembic runs it."""

from alembic import command
from alembic.config import Config

_FOLDER = __path__[0]


def config(url: str) -> Config:
    """Alembic's configuration for one database (a postgresql:// address)."""
    settings = Config()
    settings.set_main_option("script_location", _FOLDER)
    settings.set_main_option("file_template", "%%(rev)s_pre_%%(slug)s")
    settings.attributes["url"] = url
    return settings


def upgrade(url: str, to: str = "head") -> None:
    """Bring a database to a revision."""
    command.upgrade(config(url), to)


def downgrade(url: str, to: str = "base") -> None:
    """Take a database back to a revision."""
    command.downgrade(config(url), to)
