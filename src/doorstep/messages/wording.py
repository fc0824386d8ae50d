"""What a reply to a text asks for, in the words that people use: English and Spanish.

Whoever may reasonably be read as wanting no more texts gets none: a text too few costs a
telephone call, a text too many breaks the law.
"""

import re
import unicodedata
from typing import Literal

Word = Literal["stop", "start", "help"]

WORDS_MAX = 40
"""A longer reply is a letter to a person, who reads it."""

_STOP_SIGNS = frozenset("🛑✋🚫⛔🤚🖕")

# The whole reply, but for words of courtesy.
_STOP_REPLIES = frozenset(
    [
        "stop",
        "stopall",
        "stop all",
        "stop texts",
        "unsubscribe",
        "unsub",
        "cancel",
        "cancel all",
        "end",
        "quit",
        "optout",
        "opt out",
        "revoke",
        "remove",
        "remove me",
        "delete me",
        "enough",
        "no more",
        "no texts",
        "not me",
        "wrong number",
        "wrong person",
        "leave me alone",
        "go away",
        "fuck off",
        "piss off",
        "spam",
        "scam",
        "arret",
        "alto",
        "para",
        "pare",
        "paren",
        "parar",
        "basta",
        "ya basta",
        "baja",
        "cancelar",
        "cancela",
        "cancele",
        "salir",
        "fin",
        "terminar",
        "detener",
        "detente",
        "eliminar",
        "desuscribir",
        "no mas",
        "ya no",
        "no molestar",
        "borrame",
        "quitame",
        "numero equivocado",
        "equivocado",
    ]
)
_START_REPLIES = frozenset(
    [
        "start",
        "unstop",
        "yes",
        "resume",
        "subscribe",
        "opt in",
        "optin",
        "empezar",
        "comenzar",
        "iniciar",
        "reanudar",
        "alta",
    ]
)
_HELP_REPLIES = frozenset(
    [
        "help",
        "info",
        "information",
        "ayuda",
        "informacion",
        "who is this",
        "who are you",
        "who dis",
        "what is this",
        "quien es",
        "quien eres",
        "que es esto",
        "quienes son",
    ]
)
_COURTESY = frozenset(
    [
        "please",
        "pls",
        "plz",
        "thanks",
        "thank",
        "you",
        "now",
        "sir",
        "maam",
        "hi",
        "hello",
        "hey",
        "ok",
        "okay",
        "por",
        "favor",
        "gracias",
        "porfavor",
        "ya",
        "hola",
        "immediately",
        "everything",
        "it",
    ]
)

_WRITING = r"(?:text|txt|message|messag|msg|contact|send|writ|call|bother|spam|harass|email|bug)\w*"
_STOP_PHRASES = re.compile(
    rf"\b(?:stop|quit|cease|no more|do not|dont|never) (?:\w+ ){{0,2}}{_WRITING}\b"
    r"|^(?:\w+ )?(?:please )?stop\b(?! (?:by|in|over|at|for|sign|light|here|there)\b)"
    r"|\b(?:please|just|now) stop\b(?! (?:by|in|over|at)\b)|\bstop (?:please|now|it|this|that)\b"
    r"|\bunsubscribe\b|\bopt(?:ing|ed)? (?:me |us )?out\b|\brevoke\w* (?:my |all )?consent\b"
    r"|\b(?:remove|delete|take) (?:me|my|us|this|our)\b.*\b(?:list|number|from|off|phone)\b"
    r"|\btake me off\b|\blose (?:my|this) number\b|\bleave (?:me|us) alone\b|\bwrong number\b"
    r"|\bno longer (?:interested|want|wish)\w*|\bdo not want (?:\w+ ){0,3}(?:text|message|contact)\w*"
    r"|\bdej\w+ de (?:escrib|mand|envi|molest|llam|contact|text)\w*"
    r"|\bno (?:me |nos )(?:\w+ )?(?:escrib|mand|envi|molest|llam|contact|text)\w*"
    r"|\bno (?:quiero|deseo|queremos) (?:mas|recibir|sus|que)\b|\bno mas (?:mensaj|text|sms)\w*"
    r"|\b(?:dar|deme|denme|dame|darme|darse) (?:\w+ )?de baja\b|\bdarme de baja\b"
    r"|\b(?:quit|borr|elimin|sac)(?:a|e|en)(?:me|nos)\b|\bnumero equivocado\b|\bpar(?:e|en|a) ya\b"
)
_NOT_STOPPING = re.compile(
    r"\b(?:dont|do not|never|wont|cant|no|not) stop\b(?! (?:text|messag|call))|\bnonstop\b|\bnon stop\b"
)


def reply_word(text: str) -> Word | None:
    """What a reply asks for; None for everything that is not about texting itself."""
    if any(sign in text for sign in _STOP_SIGNS):
        return "stop"
    words = _words(text)
    if not words or len(words) > WORDS_MAX:
        return "help" if text.strip() in ("?", "??", "???") else None
    bare = " ".join(word for word in words if word not in _COURTESY)
    whole = " ".join(words)
    for said in (whole, bare):
        if said in _STOP_REPLIES:
            return "stop"
    joined = whole.replace(" ", "")
    if len(joined) <= len("stopall") and joined in _STOP_REPLIES:
        return "stop"
    if not _NOT_STOPPING.search(whole) and _STOP_PHRASES.search(whole):
        return "stop"
    for said in (whole, bare):
        if said in _START_REPLIES:
            return "start"
        if said in _HELP_REPLIES:
            return "help"
    return None


def is_spanish(text: str) -> bool:
    """Whether a call for help is to be answered in Spanish."""
    return bool({"ayuda", "informacion", "quien", "quienes", "que"} & set(_words(text)))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("'", "").replace("\u2019", "")
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return re.findall(r"[a-z]+", letters)
