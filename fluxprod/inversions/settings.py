"""Settings of the inversions."""

from typing import Literal

from pydantic import field_validator

from fluxprod.core.settings import Settings, parameter


class InversionSettings(Settings):
    """Members of the inversion ensemble, and how rivers are removed."""

    members: list[str] = parameter(
        "Inversions of the ensemble, named as in their file", "", source="Table 1", min_length=1
    )
    rivers: Literal["separate", "adjusted"] = parameter(
        "`separate` subtracts the river file or, without one, the inversions' layer "
        "`river_adjustment_land`; `adjusted` takes the inversions' own river-adjusted flux",
        "",
    )

    @field_validator("members")
    @classmethod
    def _differ(cls, members: list[str]) -> list[str]:
        if len(set(members)) < len(members):
            raise ValueError(f"members {members}, which name one twice")
        return members
