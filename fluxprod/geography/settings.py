"""Settings of the land cells."""

from fluxprod.core.settings import Settings, parameter


class GeographySettings(Settings):
    """Which cells of the target grid count as land."""

    min_land_fraction: float = parameter(
        "Cells with a smaller ice-free land fraction are left out", gt=0.0, le=1.0
    )
