"""The command line: each verb lives in a file of its own and is loaded when it is asked for."""

import sys

from cyclopts import App

from doorstep import __version__
from doorstep.kit.errors import AppError, CannotStart

VERBS = {
    "up": "doorstep.cli.up:up",
    "web": "doorstep.cli.verbs:web",
    "worker": "doorstep.cli.verbs:worker",
    "builder": "doorstep.cli.verbs:builder",
    "migrate": "doorstep.cli.verbs:migrate",
    "organization": "doorstep.cli.organizations:organization",
    "sign-in-link": "doorstep.cli.organizations:sign_in_link",
    "audit": "doorstep.cli.audit:audit",
    "recount": "doorstep.cli.counts:recount",
    "measure": "doorstep.cli.measure:measure",
    "sheet": "doorstep.cli.sheet:sheet",
    "doctor": "doorstep.cli.doctor:doctor",
    "conformance": "doorstep.cli.conformance:conformance",
    "version": "doorstep.cli.verbs:version",
}
"""A new verb is a function in `cli/<noun>.py` and a line here."""

app = App(
    name="doorstep",
    help="Leads in, photos back, numbers you can check, on your own server.",
    version=__version__,
)
for name, place in VERBS.items():
    app.command(place, name=name)


def main() -> None:
    """Run one verb; an expected failure is one line and exit status 1."""
    try:
        app()
    except (CannotStart, AppError) as error:
        sys.exit(f"doorstep: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
