"""Settings of ERA5 on the target grid."""

from fluxprod.core.settings import Settings, parameter


class ClimateSettings(Settings):
    """ERA5 on the target grid."""

    min_coverage: float = parameter(
        "Share of a target cell that valid ERA5 cells must cover", gt=0.0, le=1.0
    )
