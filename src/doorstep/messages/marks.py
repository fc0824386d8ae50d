"""What a letter carries so that it is known again.

The address that bounces go to, and a link that ends reminders: both name the letter and are
signed, so nobody makes one up.
"""

import base64
import binascii
import re
import uuid
from dataclasses import dataclass

from doorstep.kit.signing import Signer

BOUNCE, UNSUBSCRIBE = "bounce", "unsubscribe"
ORG_BYTES, ID_BYTES, MAC_BYTES = 5, 16, 10
TOKEN_CHARACTERS = 50
"""In 58 characters of a local part, of which there may be 64, with `bounces+` before it."""
IN_ADDRESS = re.compile(rb"\+([a-z2-7]{%d})@" % TOKEN_CHARACTERS)

Letter = tuple[int, uuid.UUID]
"""(organization, message)."""


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Makes and reads the marks of this server's letters."""

    signer: Signer
    base_url: str
    bounce_address: str = ""

    def return_path(self, letter: Letter) -> str | None:
        """The envelope's sender; None where bounces have no mailbox."""
        if not self.bounce_address:
            return None
        local, _, domain = self.bounce_address.rpartition("@")
        return f"{local}+{self._token(BOUNCE, letter)}@{domain}"

    def unsubscribe_url(self, letter: Letter) -> str:
        """Where a mail program posts that its reader wants no more reminders."""
        return f"{self.base_url}/unsubscribe/{self._token(UNSUBSCRIBE, letter)}"

    def unsubscribed(self, token: str) -> Letter | None:
        """The letter behind the link, or None."""
        return self._read(UNSUBSCRIBE, token)

    def bounced(self, raw: bytes) -> Letter | None:
        """The letter that a report names by our address, wherever in it; None for other mail."""
        for found in IN_ADDRESS.findall(raw.lower()):
            letter = self._read(BOUNCE, found.decode())
            if letter is not None:
                return letter
        return None

    def _token(self, purpose: str, letter: Letter) -> str:
        org_id, message_id = letter
        name = org_id.to_bytes(ORG_BYTES) + message_id.bytes
        mac = self.signer.derive(purpose, name.hex())[:MAC_BYTES]
        return base64.b32encode(name + mac).decode().lower().rstrip("=")

    def _read(self, purpose: str, token: str) -> Letter | None:
        if len(token) != TOKEN_CHARACTERS:
            return None
        try:
            name = base64.b32decode(token.upper() + "======")[: ORG_BYTES + ID_BYTES]
        except binascii.Error:
            return None
        letter = int.from_bytes(name[:ORG_BYTES]), uuid.UUID(bytes=name[ORG_BYTES:])
        # Compared as a whole, so that no second spelling of a token is one.
        ours = self._token(purpose, letter)
        return letter if Signer.same(ours, token) else None
