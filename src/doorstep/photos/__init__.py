"""Uploads, checks, and storage of originals and derived pictures."""
