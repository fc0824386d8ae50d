"""The lead-posting wire."""
