"""Fluxes of a tower: wrong signs, units and dates of NEE are noticed."""

import numpy as np
import pytest

from fluxprod.plausibility.towers.fluxes import (
    flux_findings,
    light_response,
    network_findings,
    uptake_per_light,
)
from tests.plausibility.small_tower import (
    FLUXES,
    TIME,
    dataset,
    later,
    outcomes,
    small_tower,
    stops,
    times,
)

CO2 = 44.009 / 12.011


def alone(edit):
    """Change NEE in a file without partitioned fluxes."""

    def edited(record):
        return edit(record).drop_vars(FLUXES[1:])

    return edited


EDITS = {
    "NEE, sign": (times(-1.0, "NEE"), "towers.partition:XX-One"),
    "NEE of CO2": (times(CO2, "NEE"), "towers.partition:XX-One"),
    "NEE, 12/44": (times(1.0 / CO2, "NEE"), "towers.partition:XX-One"),
    "NEE in kg": (times(1e-3, "NEE"), "towers.partition:XX-One"),
    "NEE in mg": (times(1e3, "NEE"), "towers.partition:XX-One"),
    "NEE per second": (times(1.0 / 86400.0, "NEE"), "towers.partition:XX-One"),
    "NEE, half a year": (later(182, "NEE"), "towers.partition:XX-One"),
    "NEE, a day late": (later(1, "NEE"), "towers.partition_shift:XX-One"),
    "all, sign": (times(-1.0, *FLUXES), "towers.partition_sign:XX-One"),
    "all in kg": (times(1e-3, *FLUXES), "towers.uptake:XX-One"),
    "all in mg": (times(1e3, *FLUXES), "towers.uptake:XX-One"),
    "all per second": (times(1.0 / 86400.0, *FLUXES), "towers.uptake:XX-One"),
    "NEE alone, sign": (alone(times(-1.0, "NEE")), "towers.light_response:XX-One"),
    "NEE alone, half a year": (alone(later(182, "NEE")), "towers.light_response:XX-One"),
    "NEE alone in kg": (alone(times(1e-3, "NEE")), "towers.uptake:XX-One"),
}


def test_a_sound_tower_passes():
    found = outcomes(flux_findings("XX-One", small_tower()[0]))
    assert set(found.values()) == {"pass"}
    assert len(found) == 5


@pytest.mark.parametrize("name", EDITS)
def test_wrong_fluxes_stop_the_run(name):
    edit, noticed = EDITS[name]
    assert noticed in stops(flux_findings("XX-One", edit(small_tower()[0])))


@pytest.mark.parametrize("factor", [1.0377, 1.0 / 1.0377])
def test_micromoles_are_a_warning(factor):
    """1 g of C m-2 d-1 is 0.9637 umol m-2 s-1: 1e6 / 12.011 / 86400; real files differ as much."""
    assert 1e6 / 12.011 / 86400.0 == pytest.approx(1.0 / 1.0377, rel=1e-4)
    found = outcomes(flux_findings("XX-One", times(factor, "NEE")(small_tower()[0])))
    assert found["towers.partition:XX-One"] == "warn"


def test_the_daytime_partition_stands_in_for_the_nighttime_one():
    record = small_tower()[0].drop_vars(["GPP_NT", "RECO_NT"])
    assert stops(flux_findings("XX-One", record)) == set()
    flipped = times(-1.0, "NEE")(record)
    assert "towers.partition_daytime:XX-One" in stops(flux_findings("XX-One", flipped))


def test_light_response_of_a_known_slope():
    """NEE falls by 0.02 g m-2 d-1 for each W m-2, so that they mirror each other."""
    record = small_tower()[0]
    known = record.assign(NEE=1.0 - 0.02 * record.SW_IN, TA=record.TA * 0.0 + 10.0)
    response = light_response(known)
    months = record.SW_IN.groupby("time.month").mean().values
    summer, winter = np.sort(months)[-3:].mean(), np.sort(months)[:3].mean()
    assert response.r == pytest.approx(-1.0)
    assert response.season == pytest.approx((winter - summer) / record.SW_IN.std(ddof=1).item())


def test_uptake_per_light_by_hand():
    """200 W m-2 are 17.28 MJ m-2 d-1, of which 7.776 are photosynthetically active: 3.888 g."""
    constant = np.ones(len(TIME))
    record = dataset({"NEE": -3.888 * constant, "NEE_QC": constant, "SW_IN": 200.0 * constant})
    assert uptake_per_light(record) == pytest.approx(0.5)
    assert np.isnan(uptake_per_light(record.assign(NEE_QC=0.4 * record.NEE_QC)))


def test_a_network_in_grams_of_carbon_dioxide_stops_the_run():
    """0.49 g of carbon per MJ is the median of the real files, which is 1.8 g of CO2."""
    sites = {f"XX-{number:03}": 0.49 for number in range(12)}
    assert stops(network_findings(sites)) == set()
    for factor in (CO2, 1.0 / CO2):
        wrong = {site: uptake * factor for site, uptake in sites.items()}
        assert stops(network_findings(wrong)) == {"towers.network_uptake:all sites"}
    assert network_findings({"XX-001": 1.8}) == []
