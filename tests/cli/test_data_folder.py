"""The data folder: one holder at a time, one key for ever, refusals that say what to do."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from doorstep.cli import data_folder
from doorstep.kit.errors import CannotStart


def test_the_secret_key_is_made_once_and_for_the_owner(tmp_path: Path) -> None:
    first = take(tmp_path / "data")
    key = first.secret_key.read_text()
    os.close(first.lock)
    second = take(tmp_path / "data")
    assert second.secret_key.read_text() == key
    assert len(key.strip()) >= 43
    assert second.secret_key.stat().st_mode & 0o777 == 0o600
    assert second.path.stat().st_mode & 0o777 == 0o700
    os.close(second.lock)


def test_a_second_holder_is_refused_with_the_first_ones_name(tmp_path: Path) -> None:
    first = take(tmp_path)
    with pytest.raises(CannotStart, match=f"process {os.getpid()}"):
        take(tmp_path)
    os.close(first.lock)


def test_what_a_killed_one_left_is_waited_for(tmp_path: Path) -> None:
    """Its children hold the lock a moment longer than it lived."""
    first = take(tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / "lock").write_text(f"{ended.pid}\n")
    letting_go = threading.Timer(0.3, os.close, [first.lock])
    letting_go.start()
    said: list[str] = []
    second = data_folder.take(tmp_path, say=said.append)
    assert said == ["waiting for what a killed Doorstep left to stop"]
    os.close(second.lock)


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(CannotStart, match="--data"):
        take(tmp_path / "data")


def take(path: Path) -> data_folder.DataFolder:
    """The folder, taken in silence."""
    return data_folder.take(path, say=lambda _: None)
