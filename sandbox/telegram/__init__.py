"""Telegram's Bot API on loopback: what a bot may call, and the updates it is told."""
