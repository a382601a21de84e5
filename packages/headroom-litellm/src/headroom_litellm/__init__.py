"""Headroom."""
