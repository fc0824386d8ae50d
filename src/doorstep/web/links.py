"""What a message's `link_ref` stands for, made when the message leaves."""

import uuid

from doorstep.auth import actions as auth
from doorstep.auth.model import INVITATION_LIFE
from doorstep.captures import actions as captures
from doorstep.captures.links import link_for
from doorstep.captures.model import CaptureRequest
from doorstep.jobs import partner_links
from doorstep.jobs.partner_links import PartnerLink
from doorstep.jobs.shares import token_of
from doorstep.kit.settings import Settings
from doorstep.kit.signing import Signer
from doorstep.orgs.model import OrgScope


class Links:
    """Makes links; it holds the server key, and the rows hold only what it is asked for."""

    def __init__(self, settings: Settings) -> None:
        """Links lead to `base_url`, never to a request's `Host`."""
        self._base_url = settings.base_url
        self._signer = Signer(settings.secret_key)

    async def resolve(self, scope: OrgScope, ref: str) -> str:
        """The address for `capture:<request id>`, `job:<job id>` or `sign_in:<user id>`.

        Also for `source:<id>`, `postbacks:<source id>`, `posts:` and `webhooks:`, pages of the desk.

        A link that signs in is made only for the task that sends it: no page shows one.
        """
        kind, _, number = ref.partition(":")
        if kind == "job":
            return f"{self._base_url}/jobs/{int(number)}"
        if kind in ("posts", "webhooks"):
            return f"{self._base_url}/{kind}"
        if kind == "source":
            return f"{self._base_url}/sources/{uuid.UUID(number)}"
        if kind == "postbacks":
            return f"{self._base_url}/sources/{uuid.UUID(number)}/postbacks"
        if kind == "sign_in":
            if scope.actor.kind != "task":
                return f"{self._base_url}/sign-in"
            secret = await auth.make_sign_in_link(scope, user_id=int(number), life=INVITATION_LIFE)
            return f"{self._base_url}/sign-in/link/{secret}"
        assert kind == "capture", ref
        return self.capture(await captures.find(scope, request_id=int(number)))

    def share(self, salt: uuid.UUID) -> str:
        """The link of a job share."""
        return f"{self._base_url}/shared/{token_of(self._signer, salt)}"

    def partner(self, link: PartnerLink) -> str:
        """The secret link of a partner."""
        return partner_links.link_for(self._signer, self._base_url, link=link)

    def capture(self, request: CaptureRequest) -> str:
        """The secret link of a request."""
        return link_for(
            self._signer,
            self._base_url,
            request_id=request.id,
            identifier=request.identifier,
            version=request.link_version,
        )
