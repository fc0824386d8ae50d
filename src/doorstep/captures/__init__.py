"""Capture requests, links, reminders and capture sessions."""
