"""The programs on a vendor's page, pasted: each posts a lead to the running product."""

import asyncio
import html
import re
import shutil
import subprocess
import sys
import uuid

import httpx
import pytest

from doorstep.web.vendor.examples import SECRET_HERE, examples
from tests.serving import Served

R1 = re.compile(r'\{"success":true,"IntakeID":"([0-9a-f-]{36})"\}\s*')
LEAD = {"CaptorraId": "12'34", "First": "O\\Neil"}
URL = "https://leads.example.com/api/captorraapi/create"


async def page_of(served: Served) -> str:
    """The first page of the vendor of Alice's source, whose link she makes."""
    (row,) = await served.fetch(
        "SELECT id FROM sources WHERE org_id = $1", served.cast.alice.org_id
    )
    headers = served.cast.alice.cookie("alice")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.port}") as client:
        await client.post(f"/sources/{row['id']}/page", headers=headers)
        desk = (await client.get(f"/sources/{row['id']}", headers=headers)).text
        link = re.search(r'value="(http://127\.0\.0\.1:\d+/v/[\w-]+)"', desk)
        assert link
        return (await client.get(link[1])).text


def example(text: str, name: str) -> str:
    found = re.search(rf'id="example-{name}">(.*?)</pre>', text, re.DOTALL)
    assert found
    return html.unescape(found[1])


async def run(*words: str) -> str:
    done = await asyncio.to_thread(
        subprocess.run, words, capture_output=True, text=True, timeout=30, check=True
    )
    return done.stdout


@pytest.mark.slow
async def test_python_and_curl_work_as_they_are(served: Served) -> None:
    text = await page_of(served)
    answers = [await run(sys.executable, "-c", example(text, "python"))]
    if shutil.which("curl"):
        answers.append(await run("sh", "-c", example(text, "curl")))
    for answer in answers:
        found = R1.fullmatch(answer)
        assert found, answer
        (row,) = await served.fetch(
            "SELECT first_name, last_name, email, region FROM leads WHERE id = $1",
            uuid.UUID(found[1]),
        )
        assert tuple(row) == ("Test", "Lead", "test@example.com", "IL")


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not there")
async def test_javascript_works_as_it_is(served: Served) -> None:
    text = await page_of(served)

    answer = await run("node", "--input-type=module", "-e", example(text, "javascript"))

    assert R1.fullmatch(answer), answer


def test_php_and_javascript_to_the_letter() -> None:
    shown = {one.id: one.text for one in examples(URL, LEAD, signed=False)}

    assert shown["php"] == (
        "<?php\n"
        "$lead = [\n"
        "    'CaptorraId' => '12\\'34',\n"
        "    'First' => 'O\\\\Neil',\n"
        "];\n"
        "$body = json_encode($lead);\n"
        "$headers = ['Content-Type: application/json'];\n"
        f"$curl = curl_init('{URL}');\n"
        "curl_setopt_array($curl, [\n"
        "    CURLOPT_POST => true,\n"
        "    CURLOPT_POSTFIELDS => $body,\n"
        "    CURLOPT_HTTPHEADER => $headers,\n"
        "    CURLOPT_RETURNTRANSFER => true,\n"
        "    CURLOPT_TIMEOUT => 30,\n"
        "]);\n"
        "echo curl_exec($curl);"
    )
    assert shown["javascript"] == (
        "const lead = {\n"
        '  "CaptorraId": "12\'34",\n'
        '  "First": "O\\\\Neil"\n'
        "};\n"
        "const body = JSON.stringify(lead);\n"
        'const headers = { "Content-Type": "application/json" };\n'
        f'const answer = await fetch("{URL}", {{ method: "POST", headers, body }});\n'
        "console.log(await answer.text());"
    )


def test_signed_ones_to_the_letter() -> None:
    shown = {one.id: one.text for one in examples(URL, LEAD, signed=True)}

    assert (
        f"$secret = '{SECRET_HERE}';\n"
        "$signature = hash_hmac('sha256', $body, $secret);\n"
        "$headers[] = 'X-Doorstep-Signature: sha256=' . $signature;\n"
    ) in shown["php"]
    assert (
        f'const secret = "{SECRET_HERE}";\n'
        'const signature = createHmac("sha256", secret).update(body).digest("hex");\n'
        'headers["X-Doorstep-Signature"] = `sha256=${signature}`;\n'
    ) in shown["javascript"]


async def test_signed_ones_work_with_the_secret(served: Served) -> None:
    (row,) = await served.fetch(
        "SELECT id FROM sources WHERE org_id = $1", served.cast.charlie.org_id
    )
    desk = f"http://127.0.0.1:{served.port}/sources/{row['id']}"
    async with httpx.AsyncClient(headers=served.cast.charlie.cookie("charlie")) as client:
        await client.post(f"{desk}/signature")
        shown = (await client.get(desk)).text
    secret = re.search(r'aria-label="Secret of the signature" value="([0-9a-f]{64})"', shown)
    assert secret
    charlie = served.cast.charlie
    lead = {
        "CaptorraId": charlie.captorra_id,
        "Referrer": str(charlie.referrer),
        "First": "O'Neil",
        "Last": "Test",
    }
    programs = {one.id: one.text for one in examples(served.url, lead, signed=True)}

    answers = [await run(sys.executable, "-c", programs["python"].replace(SECRET_HERE, secret[1]))]
    if shutil.which("curl") and shutil.which("openssl"):
        answers.append(await run("sh", "-c", programs["curl"].replace(SECRET_HERE, secret[1])))

    for answer in answers:
        assert R1.fullmatch(answer), answer
