"""Vegetation indices and reflectances by land cover."""

from collections.abc import Callable, Iterator

import numpy as np

from fluxprod.plausibility.criterion import Criterion, Finding
from fluxprod.plausibility.limits import Limits
from fluxprod.plausibility.vegetation.survey import VegetationSurvey

EBF, FOREST, OTHER, BARREN = (
    "evergreen broadleaf forest", "other forest", "other vegetation", "barren land",
)  # fmt: skip
TROPICS = "30 S to 30 N"
# [1] largest month of the year
GREENEST = {
    ("NDVI", EBF): Limits((0.6, 0.95), (0.5, 0.98)),
    ("NDVI", FOREST): Limits((0.5, 0.95), (0.4, 0.98)),
    ("NDVI", OTHER): Limits((0.25, 0.9), (0.15, 0.95)),
    ("NDVI", BARREN): Limits((0.03, 0.3), (-0.05, 0.4)),
    ("EVI", EBF): Limits((0.35, 0.7), (0.25, 0.8)),
    ("EVI", FOREST): Limits((0.25, 0.7), (0.18, 0.8)),
    ("EVI", OTHER): Limits((0.12, 0.6), (0.07, 0.75)),
    ("EVI", BARREN): Limits((0.0, 0.2), (-0.05, 0.3)),
    ("FPAR", EBF): Limits((0.55, 0.95), (0.4, 0.98)),
    ("FPAR", FOREST): Limits((0.45, 0.95), (0.3, 0.98)),
    ("FPAR", OTHER): Limits((0.2, 0.85), (0.1, 0.95)),
    ("FPAR", BARREN): Limits((0.0, 0.3), (-0.05, 0.45)),
}
# [1] mean of the year
MEANS = {
    ("NDWI", EBF): Limits((0.0, 0.5), (-0.1, 0.65)),
    ("NDWI", FOREST): Limits((0.0, 0.5), (-0.15, 0.7)),
    ("NDWI", OTHER): Limits((-0.2, 0.4), (-0.3, 0.6)),
    ("NDWI", BARREN): Limits((-0.25, 0.25), (-0.4, 0.5)),
}
# [1] smallest month of the year, which is free of snow
DARKEST = {
    ("BAND4", EBF): Limits((0.02, 0.08), (0.01, 0.15)),
    ("BAND4", FOREST): Limits((0.02, 0.12), (0.01, 0.2)),
    ("BAND4", OTHER): Limits((0.03, 0.2), (0.02, 0.3)),
    ("BAND4", BARREN): Limits((0.06, 0.4), (0.04, 0.55)),
}
CONTRAST = Limits.above(0.15, 0.08)  # [1] NDWI of evergreen broadleaf forest minus barren land
SMALLER_EVI = Limits.above(90.0, 60.0)  # % of the patches; 99.8 of the pixels of a tile
AT_END = Limits.below(0.5, 5.0)  # % of the values

HUETE = "Huete et al. 2002, doi 10.1016/S0034-4257(02)00096-2"
TOWERS = "MODIS at 46 FLUXNET2015 sites"
BANDS = "check bands, scale factors and latitudes of the MODIS files, and their land cover map"

LEVEL = Criterion(
    "vegetation.greenest",
    "the largest month of each year within the range of the land cover",
    f"{HUETE}: NDVI of 0.1 in deserts to 0.9 in forests; {TOWERS}: fAPAR of 0.22 to 0.87",
    BANDS,
)
WATER = Criterion(
    "vegetation.water",
    "the mean of each year within the range of the land cover",
    f"Gao 1996, doi 10.1016/S0034-4257(96)00067-3; {TOWERS}: NDWI of -0.23 to 0.53",
    BANDS,
)
GREEN = Criterion(
    "vegetation.green_band",
    "the smallest month of each year within the range of the land cover",
    "Baldridge et al. 2009, doi 10.1016/j.rse.2008.11.007: 0.03 to 0.12 for leaves and grass, 0.05 "
    "to 0.35 for soil and sand at 0.555 um",
    BANDS,
)
WET_AND_DRY = Criterion(
    "vegetation.water_contrast",
    f"NDWI at least {CONTRAST.stop[0]:g} larger in evergreen broadleaf forest than on barren land",
    f"{TOWERS}: NDWI of -0.23 in dry savannas to 0.53",
    BANDS,
)
ORDER = Criterion(
    "vegetation.evi",
    f"EVI below NDVI in at least {SMALLER_EVI.stop[0]:g}% of the patches",
    f"{HUETE}; MOD13A2 of tile h18v09, January 2025: in 99.8% of the pixels",
    "check which band holds NDVI and which EVI",
)
ENDS = Criterion(
    "vegetation.valid_range",
    f"at most {AT_END.stop[1]:g}% of the values at an end of the valid range",
    "no value of NDVI or EVI in MOD13A2 of tile h18v09, January 2025",
    "check fill values and scale factors of the MODIS files",
)


def level_findings(survey: VegetationSurvey) -> list[Finding]:
    """Test the indices of each land cover, and NDVI against EVI.

    Parameters
    ----------
    survey : VegetationSurvey
        Means of groups and patches.

    Returns
    -------
    list of Finding
        A finding for each quantity, land cover and zone.
    """
    return [
        *_levels(survey, GREENEST, LEVEL, np.nanmax),
        *_levels(survey, MEANS, WATER, np.nanmean),
        *_levels(survey, DARKEST, GREEN, np.nanmin),
        *_contrast(survey),
        *_smaller_evi(survey),
        *_ends(survey),
    ]


def _levels(
    survey: VegetationSurvey,
    ranges: dict[tuple[str, str], Limits],
    criterion: Criterion,
    statistic: Callable[..., np.ndarray],
) -> Iterator[Finding]:
    """Judge a statistic of the months of each year, by quantity and group."""
    for (name, cover), limits in ranges.items():
        rows = [row for row, group in enumerate(survey.groups.names) if group[0] == cover]
        for row in rows:
            years, months = survey.of[name].series.months([row])
            if len(years):
                zone = survey.groups.names[row][1]
                values = statistic(months, axis=1).tolist()
                by_year = dict(zip(years.tolist(), values, strict=True))
                yield limits.judge_years(criterion, f"{name} of {cover}, {zone}", by_year, "")


def _contrast(survey: VegetationSurvey) -> Iterator[Finding]:
    """Compare wet and dry land year by year, which a wrong scale makes alike."""
    ndwi, groups = survey.of["NDWI"].series, survey.groups
    rows = [groups.rows((cover,), TROPICS) for cover in (EBF, BARREN)]
    wet, dry = (dict(zip(*ndwi.months(each), strict=True)) for each in rows)
    contrast = {
        int(year): float(np.nanmean(wet[year]) - np.nanmean(dry[year]))
        for year in sorted(wet.keys() & dry.keys())
    }
    if contrast:
        yield CONTRAST.judge_years(WET_AND_DRY, "NDWI", contrast, "")


def _smaller_evi(survey: VegetationSurvey) -> Iterator[Finding]:
    ndvi, evi = survey.of["NDVI"].mean, survey.of["EVI"].mean
    both = np.isfinite(ndvi) & np.isfinite(evi)
    if both.any():
        share = 100.0 * float((evi < ndvi)[both].mean())
        yield SMALLER_EVI.judge(ORDER, "EVI", share, "% of the patches")


def _ends(survey: VegetationSurvey) -> Iterator[Finding]:
    for name, each in survey.of.items():
        share = 100.0 * float(each.at_end.sum() / max(each.values.sum(), 1.0))
        yield AT_END.judge(ENDS, name, share, "% of the values")
