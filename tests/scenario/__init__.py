"""One person's day, played on every channel and across them: it must leave the same rows whatever the channel."""
