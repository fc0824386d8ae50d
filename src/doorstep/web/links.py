"""What a message's `link_ref` stands for, made when the message leaves."""

from doorstep.captures import actions as captures
from doorstep.captures.links import link_for
from doorstep.captures.model import CaptureRequest
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
        """The address for `capture:<request id>` or `job:<job id>`."""
        kind, _, number = ref.partition(":")
        if kind == "job":
            return f"{self._base_url}/jobs/{int(number)}"
        assert kind == "capture", ref
        return self.capture(await captures.find(scope, request_id=int(number)))

    def capture(self, request: CaptureRequest) -> str:
        """The secret link of a request."""
        return link_for(
            self._signer,
            self._base_url,
            request_id=request.id,
            identifier=request.identifier,
            version=request.link_version,
        )
