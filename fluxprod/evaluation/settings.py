"""Settings of the evaluation."""

from typing import Annotated

from pydantic import Field, field_validator

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.core.settings import Settings, parameter
from fluxprod.evaluation.run.sources import EC, EC_ATM

COVERAGE = "docs/coverage.md"
Factor = Annotated[float, Field(gt=0.0, le=1000.0)]


class EvaluationSettings(Settings):
    """Tables and figures of the evaluation."""

    example_regions: list[str] = parameter("Regions shown beside the globe", "")
    regional_inflation: dict[str, Factor] = parameter(
        "Factor of the spread of annual regional totals, by model", source=COVERAGE
    )
    cell_inflation: dict[str, Factor] = parameter(
        "Factor of the spread of annual NEE of cells, by model", source=COVERAGE
    )

    @field_validator("example_regions")
    @classmethod
    def _exist(cls, regions: list[str]) -> list[str]:
        if strange := sorted(set(regions) - set(ABBREVIATIONS)):
            raise ValueError(
                f"example_regions {strange}, which are not among {', '.join(ABBREVIATIONS)}"
            )
        return regions

    @field_validator("regional_inflation", "cell_inflation")
    @classmethod
    def _are_of_models(cls, factors: dict[str, float]) -> dict[str, float]:
        if EC_ATM not in factors or not set(factors) <= {EC_ATM, EC}:
            raise ValueError(
                f"{factors}, which must have a factor of {EC_ATM} and may have one of {EC}"
            )
        return factors
