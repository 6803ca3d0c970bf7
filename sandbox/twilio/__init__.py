"""Twilio on loopback: SMS and WhatsApp messages, content templates, media, and what is posted to the app."""
