"""The capture-request wire."""
