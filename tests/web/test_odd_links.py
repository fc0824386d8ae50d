"""Links whose secret cannot be one are not found, and nothing worse."""

import httpx
import pytest

PATHS = ("/c/{}", "/c/{}/erasure", "/shared/{}", "/partner/{}", "/unsubscribe/{}")
ODD = ("%00", "%00abcdef", "%ff%fe", "%F0%9F%8F%A0" * 7, "..%2f..%2fetc", "a" * 4000)


@pytest.mark.parametrize("path", PATHS)
async def test_an_odd_link_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    for odd in ODD:
        for method in ("GET", "POST"):
            answer = await client.request(method, path.format(odd), headers={"Accept": "text/html"})
            assert answer.status_code in (404, 405), (path, odd, method, answer.status_code)


async def test_an_odd_sign_in_link_signs_nobody_in(client: httpx.AsyncClient) -> None:
    for odd in ODD:
        answer = await client.post(f"/sign-in/link/{odd}", headers={"Accept": "text/html"})
        assert "set-cookie" not in answer.headers
        assert answer.status_code in (404, 410), (odd, answer.status_code)
