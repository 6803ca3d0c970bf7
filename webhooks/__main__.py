"""``python -m webhooks`` is ``toit``."""

from webhooks.cli import main

main()
