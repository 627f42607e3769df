"""Settings of the towers: screening of days, and folds."""

from pydantic import field_validator

from fluxprod.core.settings import Settings, parameter

SCREENING = "docs/decisions/0009-screening.md"


class ScreeningSettings(Settings):
    """Limits of the screening rules; a rule whose limit is 0 is switched off."""

    min_qc: float = parameter(
        "Share of good half hours that a day needs; 0 switches the rule off",
        source=SCREENING,
        ge=0.0,
        le=1.0,
    )
    max_abs_nee: float = parameter(
        "Largest possible daily NEE, of either sign; 0 leaves the valid range of NEE as the limit",
        "g m-2 d-1",
        source=SCREENING,
        ge=0.0,
        le=1000.0,
    )
    partitioning_quantile: float = parameter(
        "Seasonal quantile of GPP_NT - GPP_DT beyond which, on either side, days are removed; "
        "0 switches the rule off",
        source=SCREENING,
        ge=0.0,
        lt=0.5,
    )
    outlier_iqr: float = parameter(
        "Distance from the seasonal quartiles of NEE, in interquartile ranges, beyond which a day "
        "is an outlier; 0 switches the rule off",
        source=SCREENING,
        ge=0.0,
        le=100.0,
    )
    window: int = parameter(
        "Length of a season, in which the days of all years count; an odd number", "d", ge=1, le=365
    )

    @field_validator("window")
    @classmethod
    def _is_odd(cls, window: int) -> int:
        if not window % 2:
            raise ValueError(f"window {window}, which is not an odd number of days")
        return window


class TowerSettings(ScreeningSettings):
    """Towers: screening of days, the shortest record, and folds by site."""

    min_days: int = parameter("Sites with fewer valid days are left out", "d", ge=1, le=36_500)
    n_folds: int = parameter(
        "Folds of sites for cross-validation", source="Upton et al., section 3.3", ge=2, le=100
    )
    neighbour_distance: float = parameter(
        "Towers nearer to each other than this share a fold",
        "km",
        ge=0.0,
        le=20_015.0,  # half the circumference of the Earth
    )
