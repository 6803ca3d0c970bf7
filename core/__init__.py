"""The domain: one folder a noun, the only room that writes money."""
