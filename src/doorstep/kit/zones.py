"""Which time zones a postal address may lie in, from a table of our own.

Some states and some ZIP areas lie in two zones. They get both: who keeps to the hours of
both is right wherever in the area the house stands.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ROUNDS_MAX = 12

_NAMES = {
    "E": "America/New_York",
    "C": "America/Chicago",
    "M": "America/Denver",
    "P": "America/Los_Angeles",
    "Z": "America/Phoenix",
    "K": "America/Anchorage",
    "H": "Pacific/Honolulu",
    "R": "America/Puerto_Rico",
    "G": "Pacific/Guam",
    "S": "Pacific/Pago_Pago",
    "A": "America/Halifax",
    "N": "America/St_Johns",
    "W": "America/Winnipeg",
    "X": "America/Regina",
    "Y": "America/Whitehorse",
}

# State or province: its zones.
_REGIONS = """
AL C|AK K|AZ ZM|AR C|CA P|CO M|CT E|DE E|DC E|FL EC|GA E|HI H|ID MP|IL C|IN EC|IA C|KS CM|KY EC|LA C
ME E|MD E|MA E|MI EC|MN C|MS C|MO C|MT M|NE CM|NV PM|NH E|NJ E|NM M|NY E|NC E|ND CM|OH E|OK C|OR PM
PA E|RI E|SC E|SD CM|TN EC|TX CM|UT M|VT E|VA E|WA P|WV E|WI C|WY M|AS S|GU G|MP G|PR R|VI R
NL N|NS A|PE A|NB A|QC E|ON EW|MB W|SK X|AB M|BC PM|YT Y|NT M|NU EWM
"""

# The first three digits of a ZIP code, from and to: their zones.
_ZIPS = """
005-005 E|006-009 R|010-089 E|100-323 E|324-324 EC|325-325 C|326-339 E|341-349 E|350-367 C|368-368 EC
369-372 C|373-373 EC|374-379 E|380-384 C|385-385 EC|386-397 C|398-419 E|420-424 C|425-425 E|426-427 EC
430-462 E|463-464 C|465-465 EC|466-474 E|475-475 EC|476-477 C|478-478 E|479-479 EC|480-497 E|498-499 EC
500-574 C|575-576 CM|577-577 M|580-584 C|585-586 CM|587-587 C|588-588 CM|590-599 M|600-676 C|677-679 CM
680-689 C|690-692 CM|693-693 M|700-797 C|798-798 CM|799-834 M|835-835 PM|836-837 M|838-838 P|840-847 M
850-859 Z|860-860 ZM|863-864 Z|865-865 ZM|870-885 M|889-897 P|898-898 PM|900-961 P|967-968 H
969-969 G|970-978 P|979-979 PM|980-994 P|995-999 K
"""

# The first letter of a Canadian postal code: its zones.
_LETTERS = "A N|B A|C A|E A|G E|H E|J E|K E|L E|M E|N E|P EW|R W|S X|T M|V PM|X EWM|Y Y"

_SAMOA = "96799"
_ZIP_DIGITS = 3


def _entries(table: str) -> list[tuple[str, str]]:
    found = (entry.split(" ") for line in table.strip().split("\n") for entry in line.split("|"))
    return [(key, letters) for key, letters in found]


_OF_REGION = dict(_entries(_REGIONS))
_OF_LETTER = dict(_entries(_LETTERS))
_OF_ZIP = {
    f"{number:03d}": letters
    for span, letters in _entries(_ZIPS)
    for number in range(int(span[:3]), int(span[4:]) + 1)
}


def zones_of(*, region: str | None, postal_code: str | None) -> tuple[str, ...]:
    """The zones that this address may lie in; empty when neither part of it tells."""
    code = (postal_code or "").strip().upper()
    letters = ""
    if code[:5].isdecimal() and len(code[:5]) == len(_SAMOA):
        letters = "S" if code[:5] == _SAMOA else _OF_ZIP.get(code[:_ZIP_DIGITS], "")
    elif code[:1].isalpha() and code[1:2].isdecimal():
        letters = _OF_LETTER.get(code[0], "")
    letters = letters or _OF_REGION.get((region or "").strip().upper(), "")
    return tuple(_NAMES[letter] for letter in letters)


def opening(at: datetime, *, zones: tuple[str, ...], from_hour: int, until_hour: int) -> datetime:
    """The first moment from `at` on that lies in these hours in each of the zones.

    Where the hours are so few that the zones share none, those of the last zone count.
    """
    found = at
    for _ in range(ROUNDS_MAX):
        moved = found
        for zone in zones:
            moved = _opening(moved, zone=ZoneInfo(zone), from_hour=from_hour, until_hour=until_hour)
        if moved == found:
            break
        found = moved
    return found


def _opening(at: datetime, *, zone: ZoneInfo, from_hour: int, until_hour: int) -> datetime:
    local = at.astimezone(zone)
    if from_hour <= local.hour < until_hour:
        return at
    day = local if local.hour < from_hour else local + timedelta(days=1)
    opens = day.replace(hour=from_hour, minute=0, second=0, microsecond=0, fold=0)
    return opens.astimezone(at.tzinfo)
