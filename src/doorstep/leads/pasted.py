"""A list that somebody pasted, as CSV: read line by line, with what is wrong in each."""

import csv
from collections.abc import Collection, Iterator

from doorstep.kit.errors import Invalid

LINE = "Line "


class Faults:
    """What is wrong with which line."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._lines: dict[int, list[str]] = {}

    def add(self, line: int, invalid: Invalid | str) -> None:
        """One more fault of a line."""
        held = self._lines.setdefault(line, [])
        if isinstance(invalid, str):
            held.append(invalid)
            return
        held.extend(one for sentences in invalid.fields.values() for one in sentences)

    def settle(self) -> None:
        """Raise Invalid, with a field for each line that is wrong, if there is one."""
        if self._lines:
            raise Invalid(
                fields={f"{LINE}{line}": said for line, said in sorted(self._lines.items())}
            )


def read_lines(
    text: str, *, heads: Collection[tuple[str, ...]], lines_max: int, faults: Faults
) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of every line that is neither empty nor a head."""
    reader = csv.reader(text.splitlines(), skipinitialspace=True)
    empty = True
    try:
        for cells in reader:
            values = [cell.strip() for cell in cells]
            if reader.line_num > lines_max:
                faults.add(reader.line_num, f"A list has at most {lines_max} lines.")
                return
            if any(values) and tuple(cell.lower() for cell in values) not in heads:
                empty = False
                yield reader.line_num, values
    except csv.Error:
        faults.add(reader.line_num, "This is no CSV.")
        return
    if empty:
        faults.add(1, "There is nothing on the list.")
