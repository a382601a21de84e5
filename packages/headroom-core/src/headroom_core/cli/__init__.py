"""The command `headroom`. Thin: every command asks the door and prints."""
