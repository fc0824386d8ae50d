"""What a stage says that it cost."""

import subprocess
import sys

LINE = "from doorstep.reconstruction.reports import memory_peak_mb; print(memory_peak_mb())"


def test_a_process_does_not_count_what_its_parent_held() -> None:
    held = b"1" * 400_000_000

    told = subprocess.run([sys.executable, "-c", LINE], check=True, capture_output=True)

    assert 5 < float(told.stdout) < 200
    assert len(held) == 400_000_000
