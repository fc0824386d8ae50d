"""Tests, one folder a slice."""
