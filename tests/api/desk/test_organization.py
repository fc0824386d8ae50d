"""`/api/desk/organization`."""

from tests.api.desk.calls import Integration
from tests.web.test_organization import picture

FIRST = {
    "name": "Bluth Company",
    "customer_display_name": "Bluth Company",
    "colour": None,
    "logo_url": None,
    "privacy_url": None,
    "terms_url": None,
    "support_phone": None,
    "languages": ["en", "es"],
}


async def test_a_program_sets_what_homeowners_see(crm: Integration, stranger: Integration) -> None:
    assert await crm.get("/organization") == (200, FIRST)
    told = {"colour": "0d5a5e", "privacy_url": "https://bluth.example/p", "languages": ["es"]}
    changed = FIRST | told | {"colour": "#0d5a5e"}
    assert await crm.send("PATCH", "/organization", told) == (200, changed)
    assert await crm.send("PATCH", "/organization", {"privacy_url": None}) == (
        200,
        changed | {"privacy_url": None},
    )
    assert await crm.send(
        "PATCH", "/organization", {"colour": "#eee", "terms_url": "ftp://x.example"}
    ) == (
        422,
        {
            "errors": {
                "colour": ["is a colour such as #0d5a5e"],
                "terms_url": ["is an address that begins with https://"],
            },
            "code": "invalid",
        },
    )
    assert (await crm.send("PATCH", "/organization", {"slogan": "x"}))[0] == 400
    assert (await stranger.get("/organization"))[1]["name"] == "Sitwell Housing"
    assert (await stranger.get("/organization"))[1]["colour"] is None


async def test_a_program_sets_the_logo(crm: Integration) -> None:
    path, bearer = "/api/desk/organization/logo", crm.troupe.bearer
    answer = await crm.client.put(path, content=picture(), headers=bearer)
    assert answer.status_code == 200
    address = answer.json()["logo_url"]
    assert (await crm.client.get(address)).headers["content-type"] == "image/webp"
    refused = await crm.client.put(path, content=b"GIF89a", headers=bearer)
    assert refused.status_code == 422
    assert refused.json()["errors"] == {"logo": ["is a PNG, JPEG or WebP picture"]}
    assert (await crm.client.delete(path, headers=bearer)).status_code == 204
    assert (await crm.get("/organization"))[1]["logo_url"] is None
