"""JSON files: metrics, manifests and pins, written in one form and read strictly."""

import json
from pathlib import Path
from typing import Any, NoReturn

from fluxprod.core.atomic_output import atomic_output

LONGEST = 40  # digits; 2**64 has 20


def write_json(content: dict[str, Any], path: Path, *, indent: int = 2) -> None:
    """Write a dictionary of finite numbers and text; its keys keep their order.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    text = json.dumps(content, indent=indent, ensure_ascii=False, allow_nan=False)
    with atomic_output(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def parsed_json(text: str) -> Any:
    """Parse JSON that may come from anywhere.

    Raises
    ------
    ValueError
        If it is not JSON, is nested too deeply, has a key twice, or holds a number that is not
        finite or has more than 40 digits. Plain `json.loads` would keep the last of two equal keys.
    """
    try:
        return json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refuse, parse_int=_integer
        )
    except RecursionError as error:
        raise ValueError("a file that is not JSON (brackets nested too deeply)") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice[:40]!r} twice")
    return content


def _integer(digits: str) -> int:
    if len(digits) > LONGEST:
        _refuse(f"{digits[:LONGEST]}...")
    return int(digits)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"the number {constant}")
