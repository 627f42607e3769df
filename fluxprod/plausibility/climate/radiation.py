"""Incoming shortwave radiation of ERA5 against the sun and against rain."""

from collections.abc import Iterator

import numpy as np

from fluxprod.core.radiation import potential_radiation_year
from fluxprod.core.time_axis import daily_axis, monthly_means
from fluxprod.plausibility.cell_map import CellMap
from fluxprod.plausibility.climate.seasons import yearly_delays
from fluxprod.plausibility.climate.survey import LAGS, ClimateSurvey
from fluxprod.plausibility.climate.zones import SEASONS, ZONES, around_the_globe, inside
from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.displacement import displacement, position_findings
from fluxprod.plausibility.limits import Limits
from fluxprod.plausibility.wording import listed

LEAP_YEAR = daily_axis(2004, 2004)
SUN = 50.0  # W m-2; seasons of less potential radiation are left out
LAND = Limits((160.0, 215.0), (130.0, 245.0))  # W m-2; 184 over land with Antarctica (Wild et al.)
CLEARNESS = Limits((0.3, 0.7), (0.22, 0.78))  # [1]; 0.32 to 0.64 at the towers
WAVE = Limits.below(0.3, 0.5)  # [1]; deserts and monsoons vary as well
PHASE = Limits.around(0.35, 0.6)  # month; -0.46 to 0.26 at single towers
CLOUDS = Limits.below(-0.4, -0.2)  # [1]
R = Limits.above(0.15, 0.05)  # [1]
FINEST = 1.0  # degree; clouds reach beyond their rain
DAYS = {
    -1: "the rain of the day after",
    0: "the rain of the same day",
    1: "the rain of the day before",
}

WILD = "Wild et al. 2015, doi 10.1007/s00382-014-2430-z"
TOWERS = "FLUXNET2015 and ICOS"
DAILY_MEAN = "check that ssrd holds the mean of each day, or the sums of all its hours, in J m-2"
AXES = "check latitudes, longitudes and dates of the ssrd files"

MEAN = Criterion(
    "climate.radiation",
    f"{LAND.stop[0]:g} to {LAND.stop[1]:g} W m-2 over land",
    f"{WILD}: 184 W m-2",
    DAILY_MEAN,
)
SEASONAL = Criterion(
    "climate.radiation_zones",
    f"{CLEARNESS.stop[0]:g} to {CLEARNESS.stop[1]:g} of the potential radiation",
    f"{TOWERS}: 0.32 to 0.64 in zones and seasons of 63 sites",
    DAILY_MEAN,
)
HOUR = Criterion(
    "climate.radiation_hour",
    f"radiation over potential radiation that varies by less than {WAVE.stop[1]:.0%} around the "
    "globe",
    "at one hour UTC half of the globe is dark; the first harmonic is then 157% of the mean",
    DAILY_MEAN,
)
SEASON = Criterion(
    "climate.radiation_season",
    f"the brightest time of the year within {PHASE.stop[1]:g} months of the potential radiation's",
    f"{TOWERS}: -0.1 +- 0.15 months at 35 sites north of 30 N",
    AXES,
)
RAIN = Criterion(
    "climate.radiation_rain",
    f"less radiation on rainy days (median R below {CLOUDS.stop[1]:g})",
    f"{TOWERS}: R of -0.86 to -0.56 in the ERA data of 55 sites, -0.31 to 0.03 at worst if a day is"
    " missed",
    "check latitudes, longitudes and dates of the ssrd and tp files",
)
DAY = Criterion(
    "climate.radiation_day",
    "radiation that is related most closely to the rain of the same day",
    f"{TOWERS}: median R of -0.71 in the ERA data of 55 sites, -0.32 with the rain of a day before "
    "or after",
    "check the dates of the ssrd and tp files, and the hours that make up a day",
)
POSITION = Criterion(
    "climate.radiation_map",
    f"dark skies where it rains (R of at least {R.stop[0]:g} between neighbours on a day)",
    "rain falls from clouds; no published value",
    "check latitudes and longitudes of the ssrd and tp files",
)


def radiation_findings(survey: ClimateSurvey, cells: CellMap) -> list[Finding]:
    """Test level, season, hour and place of the radiation.

    Parameters
    ----------
    survey : ClimateSurvey
        Monthly climate, and relation of radiation to rain.
    cells : CellMap
        Its cells.

    Returns
    -------
    list of Finding
        One finding for each test, and for each zone and season.
    """
    potential = monthly_means(potential_radiation_year(cells.lat), LEAP_YEAR)
    clearness = survey.annual("SW_IN") / potential.mean(axis=-1)[:, None]
    mean = cells.mean(clearness)
    wave = around_the_globe(clearness, cells.lon, cells.area) / np.maximum(mean, 1e-6)
    land = survey.by_year(cells.mean(survey.annual("SW_IN")))
    return [
        LAND.judge_years(MEAN, "SW_IN", land, "W m-2"),
        *_zones(survey, cells, potential),
        WAVE.judge_years(HOUR, "SW_IN", survey.by_year(wave), "of the mean"),
        *_seasons(survey, cells, potential),
        *_clouds(survey),
        *_position(survey, cells),
    ]


def _zones(survey: ClimateSurvey, cells: CellMap, potential: np.ndarray) -> Iterator[Finding]:
    for zone, limits in ZONES.items():
        here = inside(cells.lat, limits)
        part = cells.where(here)
        for name, months in SEASONS.items():
            sun = float(part.mean(potential[here][:, months]).mean()) if here.any() else 0.0
            if sun > SUN:
                light = part.mean(survey.months["SW_IN"][here][..., months]).mean(axis=-1)
                values = survey.by_year(light / sun)
                yield CLEARNESS.judge_years(SEASONAL, f"SW_IN {zone}, {name}", values, "")


def _seasons(survey: ClimateSurvey, cells: CellMap, potential: np.ndarray) -> Iterator[Finding]:
    for zone, delays in yearly_delays(survey, cells, "SW_IN", potential):
        yield PHASE.judge_years(SEASON, f"SW_IN {zone}", delays, "months relative to the sun")


def _clouds(survey: ClimateSurvey) -> Iterator[Finding]:
    rainy = np.isfinite(survey.clouds[0]).any(axis=0)
    if not rainy.all():  # a year without any rain is a fault of rain
        return
    median = {lag: np.nanmedian(r, axis=0) for lag, r in survey.clouds.items()}
    yield CLOUDS.judge_years(RAIN, "SW_IN", survey.by_year(median[0]), "(R)")
    by_lag = np.stack([median[lag] for lag in LAGS])
    closest = dict(zip(survey.years.tolist(), by_lag.argmin(axis=0).tolist(), strict=True))
    moved = [f"{DAYS[LAGS[i]]} in {year}" for year, i in closest.items() if LAGS[i]]
    yield DAY.finding("SW_IN", listed(moved) or DAYS[0], stop=bool(moved))


def _position(survey: ClimateSurvey, cells: CellMap) -> Iterator[Finding]:
    """Compare the maps of clear and of dry skies on twelve days of each year."""
    years = zip(survey.years, survey.fair.swapaxes(0, 1), survey.wet.swapaxes(0, 1), strict=True)
    maps = {
        f"in {year}": displacement(cells.spread(fair), cells.spread(-wet), FINEST)
        for year, fair, wet in years
    }
    return position_findings(POSITION, "SW_IN", maps, R)
