"""What `doorstep up` says when everything answers, on the terminal and in the ready file."""

import io
import json
import os
import shlex
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno

from doorstep.kit.errors import CannotStart


def read(text: str) -> dict[str, object]:
    """The facts that the sample printed; raises CannotStart when they are none."""
    try:
        facts = json.loads(text)
    except ValueError as error:
        raise CannotStart("The sample could not be loaded; see logs/sample.log.") from error
    assert isinstance(facts, dict)
    return facts


def write(path: Path, facts: Mapping[str, object]) -> None:
    """Write the ready file whole: who waits for it never reads half of it."""
    making = path.with_name(path.name + ".new")
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(facts, file, indent=1)
    making.rename(path)


def clear(path: Path | None) -> None:
    """Remove the ready file of an earlier run; raises CannotStart where there can be none."""
    if path is None:
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotStart(
            f"{path} cannot be written ({reason}): choose another --ready."
        ) from error


def show(facts: Mapping[str, object], *, data: Path) -> None:
    """Print the address and what to try first; whole lines, so that they can be copied."""
    lines = ["", f"  Doorstep is at {facts['base_url']}  (Ctrl-C stops it; data in {data})", ""]
    if "admin_link" in facts:
        lines += ["  Sign in once with this link:", f"    {facts['admin_link']}", ""]
    if facts.get("organizations"):
        lines += ["  Post a lead as the sample vendor does:", f"    {lead_command(facts)}", ""]
        lines += ["  Connect a program as the sample integration:", *integration(facts), ""]
    if "capture_link" in facts:
        link = str(facts["capture_link"])
        lines += ["  Photograph a house with a phone:", f"    {link}", *qr(link)]
    try:
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
    except OSError:
        return


def lead_command(facts: Mapping[str, Any]) -> str:
    """A line for a shell that posts a lead to the first sample organization."""
    org = facts["organizations"][0]
    lead = {
        "CaptorraId": org["captorra_id"],
        "First": "John",
        "Last": "Smith",
        "Referrer": org["referrer"],
        "Type": org["case_types"][0]["guid"],
        "Primary": "5555555555",
        "Email": "john@example.com",
        "Address": "123 Main St.",
        "City": "Philadelphia",
        "State": "PA",
        "Zip": "19146",
        "Details": "The storm took some shingles.",
    }
    url = shlex.quote(f"{facts['base_url']}/api/captorraapi/create")
    return f"curl -H 'Content-Type: application/json' -d {shlex.quote(json.dumps(lead))} {url}"


def integration(facts: Mapping[str, Any]) -> list[str]:
    """The credentials of the first sample organization's program."""
    org = facts["organizations"][0]
    names = (("client id", "client_id"), ("secret", "client_secret"), ("redirect", "redirect_uri"))
    return [f"    {label:10} {org[name]}" for label, name in names]


def qr(link: str) -> list[str]:
    """The link as a QR code of half blocks; nothing where output is no terminal."""
    if not sys.stdout.isatty() or "utf" not in (sys.stdout.encoding or "").lower():
        return []
    drawn = io.StringIO()
    segno.make(link, error="m").terminal(drawn, compact=True)
    return ["", *drawn.getvalue().rstrip("\n").split("\n")]


def own_address() -> str:
    """This machine's address on its network; loopback without one. Sends no packet."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
