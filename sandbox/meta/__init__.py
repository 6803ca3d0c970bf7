"""Meta's WhatsApp Cloud API on loopback: messages, media, templates, and the batches posted to the app."""
