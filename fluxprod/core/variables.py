"""The vocabulary: unit, meaning and rounding step of every quantity passed between stages.

Stages round values to multiples of ``step`` and pack them as integers, so that the bytes of an
intermediate file do not depend on the last bit of a processor's arithmetic.
"""

from collections.abc import Container
from dataclasses import dataclass

import numpy as np


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
    # daily drivers beyond Table A2; SW_IN, P, VPD and SW_IN_POT are among them
    "WAI1": Variable("1", "water availability index of the upper soil layer", 1e-4, (0.0, 1.0)),
    "SW_IN_7": Variable("W m-2", "incoming radiation, mean of 7 days", 0.02, (0.0, 600.0)),
    "SW_IN_30": Variable("W m-2", "incoming radiation, mean of 30 days", 0.02, (0.0, 600.0)),
    "P_7": Variable("mm d-1", "precipitation, mean of 7 days", 0.05, (0.0, 2000.0)),
    "P_30": Variable("mm d-1", "precipitation, mean of 30 days", 0.05, (0.0, 2000.0)),
    "VPD_7": Variable("hPa", "vapour pressure deficit, mean of 7 days", 0.01, (0.0, 160.0)),
    "VPD_30": Variable("hPa", "vapour pressure deficit, mean of 30 days", 0.01, (0.0, 160.0)),
    "FPAR_SW_IN": Variable(
        "W m-2", "mean seasonal cycle of fAPAR times radiation of the day", 0.02, (0.0, 600.0)
    ),
    "NDVI_SW_IN": Variable(
        "W m-2", "mean seasonal cycle of NDVI times radiation of the day", 0.02, (-200.0, 600.0)
    ),
    "EVI_SW_IN": Variable(
        "W m-2", "mean seasonal cycle of EVI times radiation of the day", 0.02, (-200.0, 600.0)
    ),
    "MSC_FPAR": Variable("1", "mean seasonal cycle of fAPAR", 1e-4, (0.0, 1.0)),
    "PFT_ENF": Variable("1", "share of land with evergreen needleleaf forest", 1e-4, (0.0, 1.0)),
    "PFT_EBF": Variable("1", "share of land with evergreen broadleaf forest", 1e-4, (0.0, 1.0)),
    "PFT_DBF": Variable("1", "share of land with deciduous broadleaf forest", 1e-4, (0.0, 1.0)),
    "PFT_MF": Variable("1", "share of land with mixed forest", 1e-4, (0.0, 1.0)),
    "PFT_CRO": Variable("1", "share of land with croplands", 1e-4, (0.0, 1.0)),
    "PFT_GRA": Variable("1", "share of land with grass or cropland mosaics", 1e-4, (0.0, 1.0)),
    "PFT_WET": Variable("1", "share of land with permanent wetlands", 1e-4, (0.0, 1.0)),
    "PFT_SH": Variable("1", "share of land with shrublands", 1e-4, (0.0, 1.0)),
    "PFT_SAV": Variable("1", "share of land with savannas", 1e-4, (0.0, 1.0)),
    # two more drivers if drivers.anomalies is set
    "Tair_ANOM": Variable(
        "K", "anomaly of Tair from its mean seasonal cycle, mean of 61 days", 0.002, (-60.0, 60.0)
    ),
    "WAI2_ANOM": Variable(
        "1", "anomaly of WAI2 from its mean seasonal cycle, mean of 61 days", 1e-4, (-1.0, 1.0)
    ),
}

# IGBP classes of MCD12 (User Guide, table 4), numbered as in MCD12C1, serve as plant functional
# types. Water (0) and permanent snow and ice (15) are absent, as they have no flux.
IGBP = {
    1: "ENF", 2: "EBF", 3: "DNF", 4: "DBF", 5: "MF", 6: "CSH", 7: "OSH", 8: "WSA", 9: "SAV",
    10: "GRA", 11: "WET", 12: "CRO", 13: "URB", 14: "CVM", 16: "BSV",
}  # fmt: skip
# classes with few towers share a driver with the class most like them; DNF, URB and BSV have none
PFT_GROUPS = {
    "PFT_ENF": ("ENF",),
    "PFT_EBF": ("EBF",),
    "PFT_DBF": ("DBF",),
    "PFT_MF": ("MF",),
    "PFT_CRO": ("CRO",),
    "PFT_GRA": ("GRA", "CVM"),
    "PFT_WET": ("WET",),
    "PFT_SH": ("OSH", "CSH"),
    "PFT_SAV": ("SAV", "WSA"),
}

# the ten drivers of Table A2, in its order
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
# drivers beyond Table A2, which every run makes; those of VPD only if there is a dewpoint
PFT_DRIVERS = tuple(PFT_GROUPS)
VPD_DRIVERS = ("VPD", "VPD_7", "VPD_30")
WEATHER_DRIVERS = ("SW_IN", "P", "WAI1", "SW_IN_7", "SW_IN_30", "P_7", "P_30", *VPD_DRIVERS)
LIGHT_DRIVERS = ("FPAR_SW_IN", "NDVI_SW_IN", "EVI_SW_IN")
# two more if drivers.anomalies is set
ANOMALY_DRIVERS = ("Tair_ANOM", "WAI2_ANOM")
ALL_DRIVERS = (  # in the order of the networks' inputs
    DRIVERS
    + WEATHER_DRIVERS
    + LIGHT_DRIVERS
    + ("SW_IN_POT", "MSC_FPAR")
    + PFT_DRIVERS
    + ANOMALY_DRIVERS
)
# by pace: one value a day, a calendar day, or a cell
DAILY_DRIVERS = ("WAI2", "Tair", *WEATHER_DRIVERS, *LIGHT_DRIVERS, *ANOMALY_DRIVERS)
SEASONAL_DRIVERS = (
    "MSC_EVIRpot", "MSC_FparLST", "MSC_LST_Night", "Rg_VIMSC", "SW_IN_POT", "MSC_FPAR",
)  # fmt: skip
STATIC_DRIVERS = ("MIN_MSC_NDWI", "AMP_Band4", "AMP_MSC_NDVI", "AMP_MSC_WAI", *PFT_DRIVERS)
# sets of drivers by name, the values of train.drivers
DRIVER_SETS = {
    "table_a2": DRIVERS,
    "daily": (*DRIVERS, "SW_IN", "VPD", "FPAR_SW_IN", "SW_IN_POT", "MSC_FPAR", *PFT_DRIVERS),
}


def driver_names(*, anomalies: bool, deficit: bool) -> list[str]:
    """Names of the drivers that the files of a run hold, in the order of the networks' inputs.

    Parameters
    ----------
    anomalies : bool
        Whether the run has anomaly drivers.
    deficit : bool
        Whether its climate has the vapour pressure deficit.
    """
    absent = (() if anomalies else ANOMALY_DRIVERS) + (() if deficit else VPD_DRIVERS)
    return [name for name in ALL_DRIVERS if name not in absent]


def drivers_in(names: Container) -> list[str]:
    """Drivers among the names in a file, in the order of the networks' inputs."""
    return [name for name in ALL_DRIVERS if name in names]


def driver_set(name: str, stored: Container) -> list[str]:
    """Drivers of a set, and the anomalies if a file holds them, in the order of the inputs."""
    anomalies = [each for each in ANOMALY_DRIVERS if each in stored]
    return drivers_in((*DRIVER_SETS[name], *anomalies))


def rounded(name: str, values: np.ndarray) -> np.ndarray:
    """Round values to multiples of the step of their variable, in float64."""
    step = VARIABLES[name].step
    multiples: np.ndarray = np.round(np.asarray(values, np.float64) / step) * step
    return multiples
