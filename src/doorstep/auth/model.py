"""Credentials: how long they live and what they look like."""

from datetime import timedelta

ACCESS_TOKEN_LIFE = timedelta(hours=2)
SESSION_LIFE = timedelta(days=14)
SIGN_IN_LINK_LIFE = timedelta(hours=24)

ACCESS_TOKEN_PREFIX = "dst_at_"  # noqa: S105  a prefix for secret scanners, not a secret
REFRESH_TOKEN_PREFIX = "dst_rt_"  # noqa: S105
CLIENT_SECRET_PREFIX = "dst_cs_"  # noqa: S105
SESSION_PREFIX = "dst_se_"

PASSWORD_CHARACTERS_MIN = 10
PASSWORD_CHARACTERS_MAX = 200
