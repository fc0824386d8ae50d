"""The JSON doors of our own: health, metrics, files."""
