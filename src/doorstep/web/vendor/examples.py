"""A lead to try with, as programs that work when they are pasted."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

SECRET_HERE = "the secret that the firm gave you"  # noqa: S105  stands where the secret goes


@dataclass(frozen=True, kw_only=True)
class Example:
    """One program; `id` names it in the page."""

    id: str
    name: str
    text: str


def test_values(
    *, captorra_id: str, referrer: uuid.UUID, case_type: uuid.UUID | None
) -> dict[str, str]:
    """A lead that nobody is meant to call."""
    return {
        "CaptorraId": captorra_id,
        "Referrer": str(referrer),
        "Type": str(case_type or ""),
        "First": "Test",
        "Last": "Lead",
        "Email": "test@example.com",
        "Primary": "2175550100",
        "Address": "1 Test Street",
        "City": "Springfield",
        "State": "IL",
        "Zip": "62704",
    }


def examples(url: str, values: Mapping[str, str], *, signed: bool) -> list[Example]:
    """The same post in four languages; `signed` as the source asks for it."""
    return [
        Example(id="curl", name="curl", text=(signed_curl if signed else curl)(url, values)),
        Example(id="python", name="Python", text=python(url, values, signed=signed)),
        Example(id="php", name="PHP", text=php(url, values, signed=signed)),
        Example(id="javascript", name="JavaScript", text=javascript(url, values, signed=signed)),
    ]


def curl(url: str, values: Mapping[str, str]) -> str:
    """A line for a terminal."""
    body = _in_shell(json.dumps(values, indent=1))
    return f"curl -X POST '{url}' \\\n  -H 'Content-Type: application/json' \\\n  -d {body}"


def signed_curl(url: str, values: Mapping[str, str]) -> str:
    """The same with a signature over the body."""
    return "\n".join(
        [
            f"SECRET={_in_shell(SECRET_HERE)}",
            f"BODY={_in_shell(json.dumps(values))}",
            'SIGNATURE=$(printf %s "$BODY" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -c1-64)',
            f"curl -X POST '{url}' \\",
            "  -H 'Content-Type: application/json' \\",
            '  -H "X-Doorstep-Signature: sha256=$SIGNATURE" \\',
            '  -d "$BODY"',
        ]
    )


def python(url: str, values: Mapping[str, str], *, signed: bool) -> str:
    """Python without any package."""
    lines = [
        *(["import hashlib", "import hmac"] if signed else []),
        "import json",
        "import urllib.request",
        "",
        f"lead = {json.dumps(values, indent=4)}",
        "body = json.dumps(lead).encode()",
        'headers = {"Content-Type": "application/json"}',
    ]
    if signed:
        lines += [
            f"secret = {json.dumps(SECRET_HERE)}",
            "signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()",
            'headers["X-Doorstep-Signature"] = "sha256=" + signature',
        ]
    lines += [
        f"request = urllib.request.Request({json.dumps(url)}, data=body, headers=headers)",
        "with urllib.request.urlopen(request, timeout=30) as answer:",
        "    print(answer.read().decode())",
    ]
    return "\n".join(lines)


def php(url: str, values: Mapping[str, str], *, signed: bool) -> str:
    """PHP with its curl extension."""
    pairs = [f"    {_in_php(key)} => {_in_php(text)}," for key, text in values.items()]
    lines = ["<?php", "$lead = [", *pairs, "];", "$body = json_encode($lead);"]
    lines.append("$headers = ['Content-Type: application/json'];")
    if signed:
        lines += [
            f"$secret = {_in_php(SECRET_HERE)};",
            "$signature = hash_hmac('sha256', $body, $secret);",
            "$headers[] = 'X-Doorstep-Signature: sha256=' . $signature;",
        ]
    lines += [
        f"$curl = curl_init({_in_php(url)});",
        "curl_setopt_array($curl, [",
        "    CURLOPT_POST => true,",
        "    CURLOPT_POSTFIELDS => $body,",
        "    CURLOPT_HTTPHEADER => $headers,",
        "    CURLOPT_RETURNTRANSFER => true,",
        "    CURLOPT_TIMEOUT => 30,",
        "]);",
        "echo curl_exec($curl);",
    ]
    return "\n".join(lines)


def javascript(url: str, values: Mapping[str, str], *, signed: bool) -> str:
    """JavaScript for a server: a web page would show everybody the Referrer."""
    lines = [
        *(['import { createHmac } from "node:crypto";', ""] if signed else []),
        f"const lead = {json.dumps(values, indent=2)};",
        "const body = JSON.stringify(lead);",
        'const headers = { "Content-Type": "application/json" };',
    ]
    if signed:
        lines += [
            f"const secret = {json.dumps(SECRET_HERE)};",
            'const signature = createHmac("sha256", secret).update(body).digest("hex");',
            'headers["X-Doorstep-Signature"] = `sha256=${signature}`;',
        ]
    lines += [
        f'const answer = await fetch({json.dumps(url)}, {{ method: "POST", headers, body }});',
        "console.log(await answer.text());",
    ]
    return "\n".join(lines)


def _in_shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _in_php(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
