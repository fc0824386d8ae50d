"""The schema as PostgreSQL itself writes it down, without what differs between versions."""

import re
import subprocess

from doorstep.kit.postgres import Cluster

NOISE = re.compile(
    r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*)\n", re.MULTILINE
)


def dump(cluster: Cluster, *, database: str) -> str:
    """Every table, index, policy and grant of a database, as SQL."""
    run = subprocess.run(
        [
            str(cluster.binaries / "pg_dump"),
            "--schema-only",
            "--no-owner",
            f"--dbname={cluster.url(database=database)}",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return re.sub(r"\n{3,}", "\n\n", NOISE.sub("", run.stdout)).strip() + "\n"
