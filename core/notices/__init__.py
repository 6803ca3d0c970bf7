"""Messages to people: outbox, sending, delivery reports."""
