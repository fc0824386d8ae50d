"""The phone of tests/captures."""

from tests.captures.conftest import link, phone, request_of_alice

__all__ = ["link", "phone", "request_of_alice"]
