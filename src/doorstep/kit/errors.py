"""Expected failures, one tree; the edge renders them in one place.

AppError
├── BadRequest       400/422  the payload is wrong
├── Unauthorized     401      no valid credential
├── Forbidden        403      the role lacks the right
├── NotFound         404      not there, or not yours: the same answer
├── Conflict         409      wrong state for this verb
├── Gone             410      the link has ended
├── TooLarge         413      over a stated limit
├── TooMany          429      over a rate
└── Unavailable      503      try again later
    └── NoRoom       507      the disk is full

TransportError is the outside's failure: `permanent` decides whether to retry.
OutcomeUnknown is the one where the outside may have accepted all the same.
CannotStart is the machine's: one line for the operator that says what to do.
"""

from collections.abc import Mapping


class AppError(Exception):
    """An expected failure with a stable code and a sentence for the caller."""

    status = 400
    code = "bad_request"
    text = "The request cannot be answered."

    def __init__(
        self,
        text: str | None = None,
        *,
        code: str | None = None,
        fields: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`fields` names what is wrong with each part of the payload."""
        super().__init__(text or self.text)
        self.code = code or self.code
        self.text = text or self.text
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})


class BadRequest(AppError):
    """The payload is not what this door takes."""


class Invalid(BadRequest):
    """The payload is well formed and its values are wrong."""

    status = 422
    code = "invalid"
    text = "Some values are not acceptable."


class Unauthorized(AppError):
    """No credential, or one that is unknown, expired or revoked."""

    status = 401
    code = "unauthorized"
    text = "Sign in, or send a valid access token."


class Forbidden(AppError):
    """The caller is known and the role lacks the right."""

    status = 403
    code = "forbidden"
    text = "Your role does not allow this."


class NotFound(AppError):
    """Not there or not yours; callers cannot tell which."""

    status = 404
    code = "not_found"
    text = "There is nothing here."


class Conflict(AppError):
    """The thing is in a state in which this verb makes no sense."""

    status = 409
    code = "wrong_state"
    text = "That is not possible in the present state."


class Gone(AppError):
    """The link has ended: expired, revoked or finished."""

    status = 410
    code = "link_ended"
    text = "This link has ended."


class TooLarge(AppError):
    """A stated limit on size or count is passed."""

    status = 413
    code = "too_large"
    text = "That is larger than this door takes."


class TooMany(AppError):
    """A rate is passed; `Retry-After` says when to come back."""

    status = 429
    code = "too_many"
    text = "Rate Limit Exceeded"


class Unavailable(AppError):
    """Nothing was stored; the caller may try again."""

    status = 503
    code = "unavailable"
    text = "Please try again in a moment."


class NoRoom(Unavailable):
    """The disk has no room for this; what is stored already is safe."""

    status = 507
    code = "no_room"
    text = "There is no room for this file just now. Please try again later."

    def __init__(self) -> None:
        """The same for everybody who asks."""
        super().__init__(headers={"Retry-After": "60"})


class TransportError(Exception):
    """The outside failed: `code` is kept with the attempt, `permanent` ends the retries."""

    def __init__(
        self, code: str, *, permanent: bool, answer: str = "", retry_after: float | None = None
    ) -> None:
        """`answer` is what the outside said, `retry_after` the seconds that it asked for."""
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.answer = answer[:500]
        self.retry_after = retry_after


class OutcomeUnknown(TransportError):
    """Everything was sent and no answer came: it was accepted, or it was not."""

    def __init__(self, code: str, *, answer: str = "") -> None:
        """Who may not repeat himself must stop here."""
        super().__init__(code, permanent=False, answer=answer)


class CannotStart(Exception):
    """The machine lacks what a start needs; the text is one line that says what to do."""
