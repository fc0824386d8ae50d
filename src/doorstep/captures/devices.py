"""Which device and browser a visitor says to be, in words that people know.

A user agent may say anything: this is for reading, and nothing is decided by it.
"""

import re

DEVICES = (
    (re.compile(r"\((iPhone|iPad|iPod)\b"), r"\1"),
    (re.compile(r"\bCrOS\b"), "Chromebook"),
    (re.compile(r"\bAndroid [^;)]*; ([^;)]+?)(?: Build/[^;)]*)?\)"), r"\1"),
    (re.compile(r"\bAndroid\b"), "Android"),
    (re.compile(r"\bWindows\b"), "Windows"),
    (re.compile(r"\bMacintosh\b"), "Mac"),
    (re.compile(r"\bLinux\b"), "Linux"),
)
# In this order: each calls itself by the names of those after it as well.
BROWSERS = (
    (re.compile(r"\bFBA[NV]\b"), "Facebook"),
    (re.compile(r"\bInstagram\b"), "Instagram"),
    (re.compile(r"\b(?:Edg|EdgA|EdgiOS)/(\d+)"), r"Edge \1"),
    (re.compile(r"\bSamsungBrowser/(\d+)"), r"Samsung Internet \1"),
    (re.compile(r"\b(?:OPR|OPT)/(\d+)"), r"Opera \1"),
    (re.compile(r"\b(?:Firefox|FxiOS)/(\d+)"), r"Firefox \1"),
    (re.compile(r"\b(?:HeadlessChrome|Chrome|CriOS)/(\d+)"), r"Chrome \1"),
    (re.compile(r"\bVersion/(\d+)[\d.]* .*Safari/"), r"Safari \1"),
)
# Browsers write this instead of the model, so that nobody is known by it.
NO_MODEL = "K"


def device_of(user_agent: str) -> str | None:
    """`iPhone`, `Pixel 9`, `Windows`; None for one that names none."""
    found = _first(DEVICES, user_agent)
    return "Android" if found == NO_MODEL else found


def browser_of(user_agent: str) -> str | None:
    """`Safari 18`, `Chrome 130`; None for one that we do not know."""
    return _first(BROWSERS, user_agent)


def _first(names: tuple[tuple[re.Pattern[str], str], ...], user_agent: str) -> str | None:
    for pattern, name in names:
        found = pattern.search(user_agent)
        if found:
            return found.expand(name).strip()
    return None
