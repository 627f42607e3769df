"""The world of a run: its grid and its years."""

from typing import Self

from pydantic import model_validator

from fluxprod.core.grid import Grid
from fluxprod.core.settings import Settings, parameter

FIRST_ERA5, LAST = 1940, 2100  # ERA5 begins in 1940


class World(Settings):
    """Grid and period of the observed world or, in stages, of the world that ``source`` names."""

    resolution: float = parameter("Cell size of the target grid", "degree", gt=0.0, le=90.0)
    first_year: int = parameter("First year of the run", "year", ge=FIRST_ERA5, le=LAST)
    last_year: int = parameter("Last year of the run", "year", ge=FIRST_ERA5, le=LAST)

    @model_validator(mode="after")
    def _grid_and_period_are_valid(self) -> Self:
        if self.last_year < self.first_year:
            raise ValueError(
                f"last_year {self.last_year}, which is before first_year {self.first_year}"
            )
        Grid(self.resolution)  # raises where the resolution does not divide the globe
        return self

    @property
    def years(self) -> range:
        """Years of the period."""
        return range(self.first_year, self.last_year + 1)


class SyntheticWorld(World):
    """Grid and period of the synthetic Earth, whichever world ``source`` names."""
