"""Descriptions of settings: the range of a parameter, and the faults of a block."""

import difflib
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from fluxprod.core.errors import DataError
from fluxprod.core.settings import Settings

KINDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
LOWER = {Ge: ("of at least {}", "ge"), Gt: ("above {}", "gt")}
UPPER = {Le: ("at most {}", "le"), Lt: ("below {}", "lt")}
EXPONENTIAL = re.compile(r"[-+]?[\d.]+[eE][-+]?\d+")
OTHER_FORM = {"string_pattern_mismatch", "string_too_short", "too_short", "too_long"}
EXPONENT = "YAML reads a number with an exponent as text unless it is written like 1.0e+9"


def explained(kind: type[Settings], values: dict[str, Any]) -> list[dict[str, Any]]:
    """Explain the parameters of a settings class.

    Parameters
    ----------
    kind : type
        Settings class.
    values : dict
        Values in the file, by name.

    Returns
    -------
    list of dict
        Name, value, meaning, unit, range and source of each parameter.
    """
    return [
        {
            "parameter": key,
            "value": values.get(key),
            "meaning": field.description,
            "unit": unit_of(field),
            "range": range_in_words(field),
            "source": source_of_value(field),
        }
        for key, field in kind.model_fields.items()
    ]


def range_in_words(field: FieldInfo) -> str:
    """Describe the type and range of a parameter.

    Examples
    --------
    >>> from fluxprod.bridge.settings import BridgeSettings
    >>> range_in_words(BridgeSettings.model_fields["r2_threshold"])
    'a number above 0 and at most 1'
    """
    return _of_type(field.annotation, field.metadata)


def unit_of(field: FieldInfo) -> str:
    """Look up the unit of a parameter, which is empty for choices and text."""
    return str(_extra(field).get("unit", ""))


def source_of_value(field: FieldInfo) -> str:
    """Look up the table, equation, page or DOI from which the value of a parameter comes."""
    return str(_extra(field).get("source", ""))


def faults_of_block(
    error: ValidationError, kind: type[Settings], name: str, source: Path
) -> Iterator[DataError]:
    """Convert the faults of a block, except missing parameters, to errors of fluxprod.

    Parameters
    ----------
    error : ValidationError
        Error of pydantic when it filled ``kind``.
    kind : type
        Settings class.
    name : str
        Dotted name of the block.
    source : Path
        File that contains the block.

    Yields
    ------
    DataError
    """
    for fault in error.errors():
        if fault["type"] == "missing":
            continue
        where, *inside = [str(part) for part in fault["loc"]] or [""]
        field = kind.model_fields.get(where)
        at = ".".join(part for part in (name, where) if part)
        if fault["type"] == "extra_forbidden":
            near = difflib.get_close_matches(where, kind.model_fields, 1)
            advice = f"did you mean {near[0]}?" if near else ""
            yield DataError(source, at, "an unknown parameter", _names(kind.model_fields), advice)
        elif fault["type"] == "value_error":
            yield DataError(source, name, fault["ctx"]["error"], "a valid value")
        elif fault["type"] in OTHER_FORM and field is not None:
            yield DataError(source, at, _found(fault["input"], inside), _form(fault))
        elif field is not None:
            found, advice = _found(fault["input"], inside), _advice(fault["input"])
            yield DataError(source, at, found, _expected(field), advice)


def absent_fault(key: str, kind: type[Settings], name: str, source: Path) -> DataError:
    """Make the error for a parameter that is missing from the file."""
    expected = _expected(kind.model_fields[key])
    return DataError(source, f"{name}.{key}", "no value", expected)


def _expected(field: FieldInfo) -> str:
    """Describe the range and unit of a parameter."""
    words, unit = range_in_words(field), unit_of(field)
    return f"{words} [{unit}]" if unit else words


def _form(fault: Any) -> str:
    """Describe the length or the pattern that a list or a text must have."""
    limits = fault["ctx"]
    if "pattern" in limits:
        return f"text that matches {limits['pattern']}"
    if fault["type"] == "string_too_short":
        return "text that is not empty"
    if "min_length" in limits:
        return f"a list of at least {limits['min_length']}"
    return f"a list of at most {limits['max_length']}"


def _found(value: Any, inside: Collection[str]) -> str:
    text = (
        "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    )
    return f"{text} (entry {'.'.join(inside)})" if inside else text


def _advice(value: Any) -> str:
    return EXPONENT if isinstance(value, str) and EXPONENTIAL.fullmatch(value) else ""


def _extra(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def _of_type(kind: Any, limits: Collection[Any]) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _of_type(arguments[0], [*limits, *_limits(arguments[1:])])
    if origin is Literal:
        return _names(map(str, arguments))
    if origin in (Union, UnionType):
        plain = [each for each in arguments if each is not type(None)]
        return f"{_of_type(plain[0], limits)} or null"
    if origin is list:
        return f"a list, each entry {_of_type(arguments[0], [])}"
    if origin is dict:
        return f"a mapping, each value {_of_type(arguments[1], [])}"
    return " ".join([KINDS.get(kind, "any value"), _range(limits)]).rstrip()


def _limits(metadata: Collection[Any]) -> list[Any]:
    """Collect the limits of an annotated type, which a Field keeps in its own metadata."""
    return [
        limit
        for each in metadata
        for limit in (each.metadata if isinstance(each, FieldInfo) else [each])
    ]


def _range(limits: Collection[Any]) -> str:
    bounds = {type(limit): limit for limit in limits}
    if {Ge, Le} <= bounds.keys():
        return f"from {_number(bounds[Ge].ge)} to {_number(bounds[Le].le)}"
    words = [
        text.format(_number(getattr(bounds[kind], attribute)))
        for side in (LOWER, UPPER)
        for kind, (text, attribute) in side.items()
        if kind in bounds
    ]
    return " and ".join(words)


def _number(value: float) -> str:
    """Write a limit without an exponent, and with spaces between thousands."""
    return f"{value:,}".removesuffix(".0").replace(",", " ")


def _names(names: Any) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else str(last)
