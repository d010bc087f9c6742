"""Asynchrony: what runs on the event loop."""
