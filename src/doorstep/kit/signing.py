"""What the server key vouches for: message authentication and sealing of secrets at rest."""

import base64
import hashlib
import hmac

MAC_BYTES = 16


class Signer:
    """Derives everything from one server key; a purpose keeps the uses apart."""

    def __init__(self, secret_key: str) -> None:
        """`secret_key` is the operator's; it never leaves the process."""
        self._key = secret_key.encode()

    def mac(self, purpose: str, message: str) -> str:
        """128 bits over purpose and message, as 22 URL-safe characters."""
        digest = hmac.digest(self._derived(purpose), message.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:MAC_BYTES]).decode().rstrip("=")

    def verify(self, purpose: str, message: str, *, mac: str) -> bool:
        """Whether `mac` is ours, compared in constant time."""
        return hmac.compare_digest(self.mac(purpose, message).encode(), mac.encode())

    @staticmethod
    def same(ours: str, theirs: str) -> bool:
        """Whether the two are equal, compared in constant time."""
        return hmac.compare_digest(ours.encode(), theirs.encode())

    def derive(self, purpose: str, message: str) -> bytes:
        """32 bytes that only this server can make again."""
        return hmac.digest(self._derived(purpose), message.encode(), hashlib.sha256)

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self._key, b"doorstep:" + purpose.encode(), hashlib.sha256)


def hash_secret(secret: str) -> bytes:
    """What is stored of a random 256-bit secret."""
    return hashlib.sha256(secret.encode()).digest()
