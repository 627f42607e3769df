"""Base class of settings, which declare what a block of ``params.yaml`` may contain."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

MAX_SEED = 2**32 - 1  # numpy accepts any non-negative integer; four bytes suffice

OURS = "our choice"  # where neither the paper nor another publication gives a value


class Settings(BaseModel):
    """An immutable block of parameters that refuses unknown keys, wrong types, NaN and infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def changed(self, **values: Any) -> Self:
        """Copy the settings with some values changed and checked.

        Parameters
        ----------
        **values
            New values by name.

        Raises
        ------
        pydantic.ValidationError
            If a value has the wrong type or is out of range.
        """
        return type(self)(**{**self.model_dump(), **values})


def parameter(meaning: str, unit: str = "1", *, source: str = OURS, **limits: Any) -> Any:
    """Declare one parameter of a settings class.

    Parameters
    ----------
    meaning : str
        Meaning of the parameter, and of the value 0 if that is special.
    unit : str
        Unit; ``"1"`` for dimensionless numbers, ``""`` for choices and text.
    source : str
        Origin of the value: a table, an equation, a page or a DOI; by default our own choice.
    **limits
        Arguments of `pydantic.Field`, such as ``ge``, ``gt``, ``le``, ``lt`` and ``default``.
    """
    return Field(description=meaning, json_schema_extra={"unit": unit, "source": source}, **limits)


def seed_parameter(meaning: str, **limits: Any) -> Any:
    """Declare the seed of a random number generator."""
    return parameter(meaning, ge=0, le=MAX_SEED, **limits)
