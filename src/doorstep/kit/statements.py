"""SQL that is put together from parts, each with its values."""

from dataclasses import dataclass, field


@dataclass
class Statement:
    """SQL in the making, with the values that it names."""

    values: list[object] = field(default_factory=list)

    def value(self, one: object) -> str:
        """The placeholder of a value."""
        self.values.append(one)
        return f"${len(self.values)}"
