"""The vocabulary: unit, meaning and rounding step of every quantity passed between stages.

Stages round values to multiples of ``step`` and pack them as integers, so that the bytes of an
intermediate file do not depend on the last bit of a processor's arithmetic.
"""

from collections.abc import Container
from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """A quantity that passes between stages.

    Parameters
    ----------
    units : str
        Unit in a form that UDUNITS parses.
    long_name : str
        Description of the quantity.
    step : float
        Rounding step, in ``units``.
    valid : (float, float)
        Physically possible range, in ``units``.
    offset : float, optional
        Value that is packed as 0, in ``units``; by default the middle of the valid range.
    """

    units: str
    long_name: str
    step: float
    valid: tuple[float, float]
    offset: float | None = None


VARIABLES = {
    # towers and climate
    "NEE": Variable(
        "g m-2 d-1",
        "net ecosystem exchange of carbon, positive to the atmosphere, without fire",
        0.002,
        (-60.0, 60.0),
    ),
    "NEE_QC": Variable("1", "share of measured or well gap-filled half hours", 0.001, (0.0, 1.0)),
    "TA": Variable("degC", "air temperature at 2 m, daily mean", 0.01, (-95.0, 60.0)),
    "SW_IN": Variable("W m-2", "incoming shortwave radiation, daily mean", 0.02, (0.0, 600.0)),
    "SW_IN_POT": Variable(
        "W m-2", "potential radiation at the top of the atmosphere", 0.02, (0.0, 600.0)
    ),
    # the most ever measured in 24 h is 1825 mm (Foc-Foc, La Reunion, 1966; wmo.asu.edu). The
    # offset is nearer to common values than the middle of the range, and 32-bit floats lose
    # precision with distance from it
    "P": Variable("mm d-1", "precipitation", 0.02, (0.0, 2000.0), offset=328.0),
    # dry air of 55 degC, warmer than any daily mean on record, lacks about 158 hPa
    "VPD": Variable("hPa", "vapour pressure deficit at 2 m, daily mean", 0.01, (0.0, 160.0)),
    # vegetation
    "NDVI": Variable("1", "normalised difference vegetation index", 1e-4, (-0.3, 1.0)),
    "EVI": Variable("1", "enhanced vegetation index", 1e-4, (-0.3, 1.0)),
    "FPAR": Variable("1", "fraction of absorbed photosynthetically active radiation", 1e-3, (0, 1)),
    "LST_DAY": Variable("K", "land surface temperature by day", 0.02, (150.0, 360.0)),
    "LST_NIGHT": Variable("K", "land surface temperature at night", 0.02, (150.0, 360.0)),
    "NDWI": Variable("1", "normalised difference water index (Gao 1996)", 1e-4, (-1.0, 1.0)),
    "BAND4": Variable("1", "nadir reflectance of MODIS band 4 (0.555 um)", 1e-4, (0.0, 1.0)),
    # the ten drivers, named and ordered as in Upton et al., Table A2
    "WAI2": Variable("1", "water availability index of the lower soil layer", 1e-4, (0.0, 1.0)),
    "MSC_EVIRpot": Variable(
        "W m-2", "mean seasonal cycle of EVI times incoming radiation", 0.02, (-200.0, 600.0)
    ),
    "MSC_FparLST": Variable(
        "K", "mean seasonal cycle of fAPAR times daytime surface temperature", 0.02, (0.0, 360.0)
    ),
    "MIN_MSC_NDWI": Variable("1", "minimum of the mean seasonal cycle of NDWI", 1e-4, (-1, 1)),
    "AMP_Band4": Variable("1", "amplitude of the mean seasonal cycle of band 4", 1e-4, (0, 1)),
    "MSC_LST_Night": Variable(
        "K", "mean seasonal cycle of night surface temperature", 0.02, (150, 360)
    ),
    "Rg_VIMSC": Variable(
        "W m-2", "mean seasonal cycle of NDVI times potential radiation", 0.02, (-200.0, 600.0)
    ),
    "AMP_MSC_NDVI": Variable("1", "amplitude of the mean seasonal cycle of NDVI", 1e-4, (0, 1.3)),
    "Tair": Variable("degC", "air temperature at 2 m", 0.01, (-95.0, 60.0)),
    "AMP_MSC_WAI": Variable("1", "amplitude of the mean seasonal cycle of WAI2", 1e-4, (0, 1)),
    # two more drivers if drivers.anomalies is set
    "Tair_ANOM": Variable(
        "K", "anomaly of Tair from its mean seasonal cycle, mean of 61 days", 0.002, (-60.0, 60.0)
    ),
    "WAI2_ANOM": Variable(
        "1", "anomaly of WAI2 from its mean seasonal cycle, mean of 61 days", 1e-4, (-1.0, 1.0)
    ),
}

DAILY_DRIVERS = ("WAI2", "Tair")
SEASONAL_DRIVERS = ("MSC_EVIRpot", "MSC_FparLST", "MSC_LST_Night", "Rg_VIMSC")
STATIC_DRIVERS = ("MIN_MSC_NDWI", "AMP_Band4", "AMP_MSC_NDVI", "AMP_MSC_WAI")
DRIVERS = (
    "WAI2",
    "MSC_EVIRpot",
    "MSC_FparLST",
    "MIN_MSC_NDWI",
    "AMP_Band4",
    "MSC_LST_Night",
    "Rg_VIMSC",
    "AMP_MSC_NDVI",
    "Tair",
    "AMP_MSC_WAI",
)
ANOMALY_DRIVERS = ("Tair_ANOM", "WAI2_ANOM")

# IGBP classes of MCD12 (User Guide, table 4), numbered as in MCD12C1, serve as plant functional
# types. Water (0) and permanent snow and ice (15) are absent, as they have no flux.
IGBP = {
    1: "ENF", 2: "EBF", 3: "DNF", 4: "DBF", 5: "MF", 6: "CSH", 7: "OSH", 8: "WSA", 9: "SAV",
    10: "GRA", 11: "WET", 12: "CRO", 13: "URB", 14: "CVM", 16: "BSV",
}  # fmt: skip


def driver_names(*, anomalies: bool) -> tuple[str, ...]:
    """Names of the drivers of a run, in the order of the networks' inputs."""
    return DRIVERS + ANOMALY_DRIVERS if anomalies else DRIVERS


def drivers_in(names: Container) -> list[str]:
    """Drivers among the names in a file, in the order of the networks' inputs."""
    return [name for name in driver_names(anomalies=True) if name in names]
