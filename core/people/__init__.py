"""People, their phones, profiles, consent and PIN."""
