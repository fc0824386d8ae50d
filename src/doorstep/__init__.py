"""Doorstep: lead intake and property capture, self-hosted."""

__version__ = "0.1.0"
