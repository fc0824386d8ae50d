"""What a stage says that it cost."""

import subprocess
import sys

LINE = "from doorstep.reconstruction.reports import memory_peak_mb; print(memory_peak_mb())"
# What is freed below something that is still held stays in the heap; 20,000 times 10 kB.
HEAP = """
from pathlib import Path
from doorstep.reconstruction.memory import give_back

def held_mb():
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

many = [bytearray(10_000) for _ in range(20_000)]
last = many.pop()
many.clear()
before = held_mb()
give_back()
print(before, held_mb())
"""


def test_a_process_does_not_count_what_its_parent_held() -> None:
    held = b"1" * 400_000_000

    told = subprocess.run([sys.executable, "-c", LINE], check=True, capture_output=True)

    assert 5 < float(told.stdout) < 200
    assert len(held) == 400_000_000


def test_what_a_stage_has_freed_goes_back_to_the_system() -> None:
    told = subprocess.run([sys.executable, "-c", HEAP], check=True, capture_output=True)

    before, after = map(float, told.stdout.split())
    assert before > 200
    assert after < 60
