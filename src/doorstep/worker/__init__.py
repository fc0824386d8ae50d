"""Composition of the background processes: which task runs which action."""
