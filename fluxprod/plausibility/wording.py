"""Phrases that findings share."""

from collections.abc import Sequence

SHOWN = 3  # parts that a list names


def with_unit(value: float, unit: str) -> str:
    """Write a value with its unit, if it has one."""
    return f"{value:.3g} {unit}".rstrip()


def listed(parts: Sequence[str]) -> str:
    """List the first parts, and say how many more there are."""
    more = len(parts) - SHOWN
    return ", ".join(parts[:SHOWN]) + (f" and {more} more" if more > 0 else "")
