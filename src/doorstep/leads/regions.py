"""The states that vendors write out, by the two letters that the wire documents."""

_NAMES = """
AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware
DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa
KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota
MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey
NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon
PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah
VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|AS American Samoa
GU Guam|MP Northern Mariana Islands|PR Puerto Rico|VI Virgin Islands|DC Washington DC
VI U.S. Virgin Islands|DC Washington, D.C.
"""
LETTERS = {
    name.casefold(): letters
    for letters, _, name in (
        entry.partition(" ") for line in _NAMES.strip().split("\n") for entry in line.split("|")
    )
}


def two_letters(text: str) -> str | None:
    """The letters of a state that is written out; None for any other text."""
    return LETTERS.get(" ".join(text.casefold().split()))
