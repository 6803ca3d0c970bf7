"""One renderer a channel: screens in, what that channel can show out."""
