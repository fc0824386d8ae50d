"""What counts as proof of consent in what vendors send, and what only looks like it."""

from urllib.parse import quote

import pytest

from doorstep.leads.proofs import Proof, Told, proofs_in, told_in

NUMBER = "0123456789abcdef0123456789abcdef01234567"
URL = f"https://cert.trustedform.com/{NUMBER}"
TOKEN = "5D5B3A2C-91D4-4E7F-A0B1-C2D3E4F50617"


@pytest.mark.parametrize(
    "key",
    ["xxTrustedFormCertUrl", "trustedform_cert_url", "TrustedFormToken", "trusted-form-cert-url",
     "TrustedForm", "cert"],
)  # fmt: skip
@pytest.mark.parametrize(
    "text",
    [
        URL,
        f" {URL} ",
        URL.replace("0123", "0123")
        .upper()
        .replace("HTTPS://CERT.TRUSTEDFORM.COM", "https://cert.trustedform.com"),
        URL + "?source=x",
    ],
)
def test_a_certificate_under_any_key(key: str, text: str) -> None:
    assert proofs_in({key: text}) == (Proof("trustedform", URL, key),)


def test_a_bare_number_counts_under_a_key_of_the_vendor_only() -> None:
    assert proofs_in({"xxTrustedFormToken": NUMBER}) == (
        Proof("trustedform", URL, "xxTrustedFormToken"),
    )
    assert proofs_in({"Checksum": NUMBER, "Details": NUMBER}) == ()


@pytest.mark.parametrize(
    "key", ["universal_leadid", "leadid_token", "jornaya_lead_id", "Jornaya-LeadiD", "jornayaToken"]
)
def test_a_token_under_a_key_of_the_vendor(key: str) -> None:
    assert proofs_in({key: TOKEN}) == (Proof("jornaya", TOKEN, key),)


@pytest.mark.parametrize("key", ["leadid", "LeadId", "uuid", "ID2", "trustedform_cert_url"])
def test_a_token_under_any_other_key_is_just_an_id(key: str) -> None:
    assert proofs_in({key: TOKEN}) == ()


@pytest.mark.parametrize(
    "text",
    [
        f"Roof leaks.\nCertificate: {URL}\r\nThanks",
        f"?gclid=x&xxTrustedFormCertUrl={quote(URL, safe='')}&a=b",
        quote(f"https://example.com/thanks?xxTrustedFormCertUrl={quote(URL, safe='')}", safe=""),
        f"a=1&amp;xxTrustedFormCertUrl={URL}&amp;b=2",
        f"xxTrustedFormToken: {NUMBER}",
        f'{{"trustedform_cert_url": "{URL}"}}',
    ],
)
@pytest.mark.parametrize("key", ["Details", "Tracking"])
def test_a_certificate_inside_a_text(key: str, text: str) -> None:
    assert proofs_in({key: text}) == (Proof("trustedform", URL, key),)


@pytest.mark.parametrize(
    "text",
    [
        f"/landing?universal_leadid={TOKEN}&x=y",
        f"Age of roof: 12\nJornaya LeadiD: {TOKEN}",
        f"leadid_token%3D{TOKEN}%26x%3D1",
        f'"leadid_token": "{TOKEN}"',
    ],
)
def test_a_token_inside_a_text(text: str) -> None:
    assert proofs_in({"Tracking": text}) == (Proof("jornaya", TOKEN, "Tracking"),)


@pytest.mark.parametrize(
    "text",
    [
        f"https://cert.trustedform.com.evil.example/{NUMBER}",
        f"https://cert.trustedform.com@evil.example/{NUMBER}",
        f"https://evil.example/cert.trustedform.com/{NUMBER}",
        f"https://evil.example/https://cert.trustedform.com/{NUMBER}",
        f"https://cert-trustedform.com/{NUMBER}",
        f"https://xcert.trustedform.com/{NUMBER}",
        f"https://x.cert.trustedform.com/{NUMBER}",
        f"https://cert.trustedform.com:8443/{NUMBER}",
        f"https://cert.trustedform.com/x/{NUMBER}",
        f"http://cert.trustedform.com/{NUMBER}",
        f"//cert.trustedform.com/{NUMBER}",
        f"https://cert.trustedf\u043erm.com/{NUMBER}",
        f"https://cert.trustedform.com/{NUMBER[:-1]}",
        f"https://cert.trustedform.com/{NUMBER}0",
        f"https://cert.trustedform.com/{NUMBER[:-1]}g",
        "https://cert.trustedform.com/",
        "universal_leadid=00000000-0000-0000-0000-000000000000",
        f"universal_leadid={TOKEN}0",
        f"universal_leadid={TOKEN[:-1]}",
        "universal_leadid=",
        f"leadid={TOKEN}",
    ],
)
def test_what_only_looks_like_proof(text: str) -> None:
    for key in ("xxTrustedFormCertUrl", "universal_leadid", "Details", "Tracking", "Other"):
        assert proofs_in({key: text}) == ()


def test_the_same_proof_twice_is_one_and_many_are_cut_off() -> None:
    assert proofs_in({"TrustedForm": URL, "Details": URL}) == (
        Proof("trustedform", URL, "TrustedForm"),
    )
    many = " ".join(f"https://cert.trustedform.com/{number:040x}" for number in range(30))
    assert len(proofs_in({"Details": many})) == 20


def test_a_long_hostile_text_takes_no_time() -> None:
    text = "leadid " + "a:=%25" * 40_000

    assert proofs_in({"Details": text}) == ()


def test_what_was_agreed_to() -> None:
    told = told_in(
        {
            "TCPA_Text": "I agree to be texted.",
            "landing_page_url": "https://example.com/roof",
            "IP Address": "2001:db8::1",
            "consent-timestamp": "2026-03-05 10:00",
            "Details": "consent_text: no",
        }
    )

    assert told == Told(
        text="I agree to be texted.",
        page="https://example.com/roof",
        ip="2001:db8::1",
        time="2026-03-05 10:00",
    )
    assert told.whole
    bad = told_in({"consent_page": "javascript:alert(1)", "ip": "here", "consent_text": "x" * 9999})
    assert bad == Told(text="x" * 2000)
    assert not bad.whole
