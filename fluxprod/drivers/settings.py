"""Settings of the drivers: water balance, mean seasonal cycles and choices of Table A2."""

from typing import Literal, Self

from pydantic import model_validator

from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.settings import Settings, parameter

YEARS_AT = (PARAMS_FILE, "drivers.msc_first_year")  # file and parameter that errors name
Radiation = Literal["incoming", "potential"]
TRAUTMANN = "Trautmann et al. (2018), doi:10.5194/hess-22-4061-2018"


class SoilSettings(Settings):
    """Capacities and rates of the water balance."""

    awc_upper: float = parameter(
        "Water capacity of the upper soil layer", "mm", source=TRAUTMANN, gt=0.0, le=10_000.0
    )
    awc_lower: float = parameter(
        "Water capacity of the lower soil layer, whose relative filling is WAI2",
        "mm",
        source=TRAUTMANN,
        gt=0.0,
        le=10_000.0,
    )
    theta: float = parameter(
        "Share of the stored water that can evaporate in a day", "d-1", gt=0.0, le=1.0
    )
    alpha: float = parameter(
        "Priestley-Taylor coefficient; with 0 nothing evaporates",
        source="doi:10.1175/1520-0493(1972)100<0081:OTAOSH>2.3.CO;2",
        ge=0.0,
        le=10.0,
    )


class DriverSettings(SoilSettings):
    """Drivers of the networks: water balance, mean seasonal cycles and choices of Table A2."""

    msc_first_year: int = parameter(
        "First year of the mean seasonal cycles, as far as the data reach",
        "year",
        source="Table A2",
        ge=1940,
        le=2100,
    )
    msc_last_year: int = parameter(
        "Last year of the mean seasonal cycles", "year", source="Table A2", ge=1940, le=2100
    )
    spinup_loops: int = parameter(
        "Number of times the water balance runs over the first two years to spin up", ge=0, le=1000
    )
    evi_radiation: Radiation = parameter("Radiation by which EVI is multiplied in MSC_EVIRpot", "")
    ndvi_radiation: Radiation = parameter(
        "Radiation by which MSC(NDVI) is multiplied in Rg_VIMSC", ""
    )
    anomalies: bool = parameter(
        "Whether 61-day anomalies of Tair and WAI2 are added to the ten drivers of Table A2",
        "",
        source="docs/decisions/0012-anomaly-drivers.md",
        default=False,
    )

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        if self.msc_last_year < self.msc_first_year:
            raise ValueError(
                f"msc_last_year {self.msc_last_year}, which is before "
                f"msc_first_year {self.msc_first_year}"
            )
        return self

    @property
    def msc_years(self) -> tuple[int, int]:
        """First and last year of the mean seasonal cycles."""
        return self.msc_first_year, self.msc_last_year
