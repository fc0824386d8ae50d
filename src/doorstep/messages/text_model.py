"""What there is to say of one kind of message, and in which languages."""

from dataclasses import dataclass

LANGUAGE_NAMES = {"en": "English", "es": "Spanish"}
LANGUAGES = tuple(LANGUAGE_NAMES)


@dataclass(frozen=True, kw_only=True)
class Text:
    """The words of one kind in one language; `{name}` stands for a variable.

    Paragraphs of the body are parted by empty lines. Without `sms` none goes by SMS.
    """

    subject: str
    body: str
    sms: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of message: what it may speak of, and what stands on its button."""

    label: str
    variables: tuple[str, ...]
    action: dict[str, str]
    texts: dict[str, Text]
    to_homeowner: bool = False
