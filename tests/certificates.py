"""Certificates for the servers of tests."""

import subprocess
from pathlib import Path


def signed_by_itself(folder: Path, *, host: str, names: str) -> Path:
    """The folder with `key.pem` and `cert.pem` for these names (`DNS:a,IP:b`), for two days."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", f"/CN={host}", "-addext", f"subjectAltName={names}",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder
