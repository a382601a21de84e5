"""Compressors: what can this text be shown as? One file a kind, and one line in `table.py`."""
