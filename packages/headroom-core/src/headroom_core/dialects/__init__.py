"""Dialects: where in these messages is text, and how is it put back? Decides nothing."""
