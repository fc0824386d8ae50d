"""What lies outside, as the tests of pages find it: everything is fine, and asked at once."""

from collections.abc import Sequence
from datetime import timedelta

from doorstep.readiness.facts import (
    Backups,
    Disk,
    Engine,
    Https,
    Mail,
    Outside,
    Place,
    Reach,
    Sms,
)

GIB = 1 << 30
FINE = Outside(
    https=Https(scheme="https", host="doorstep.example", loopback=False, days_left=60),
    mail=Mail(configured=True, sender_domain="doorstep.example", bounces=True),
    sms=Sms(kind="twilio", sender=True, secret=True),
    reach=Reach(tried=0),
    backups=Backups(told=True, age=timedelta(hours=3), size=4_200_000_000, size_before=4 << 30),
    disk=Disk(
        places=(
            Place(
                name="the data",
                writable=True,
                free=80 * GIB,
                total=100 * GIB,
                inodes_free=900,
                inodes_total=1000,
            ),
        ),
        reserve=GIB // 2,
    ),
    engine=Engine(version="pycolmap 4", problem=None, cores=4, threads=2, memory=16 * GIB),
)


async def everything_is_fine(urls: Sequence[str]) -> Outside:
    """Asks nobody."""
    del urls
    return FINE
