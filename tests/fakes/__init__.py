"""The outside world, as real servers on loopback: mail, SMS provider, webhook receiver."""
