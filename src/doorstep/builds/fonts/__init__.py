"""The type of reports and pictures."""

from pathlib import Path

FOLDER = Path(__file__).parent
REGULAR = FOLDER / "hanken-grotesk-regular.ttf"
BOLD = FOLDER / "hanken-grotesk-bold.ttf"
