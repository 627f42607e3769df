"""Series of towers that stand still or repeat another one."""

import numpy as np
import pandas as pd
import pytest

from fluxprod.plausibility.towers.series import (
    copy_findings,
    equal_share,
    longest_run,
    series_findings,
)
from tests.plausibility.small_tower import YEAR, outcomes, small_tower, stops

SITES = pd.DataFrame(
    {"lat": [48.0, 48.1, 60.0], "lon": [8.0, 8.0, 20.0]}, index=["XX-One", "XX-Two", "YY-Tre"]
)


def test_a_sound_tower_passes():
    found = outcomes(series_findings("XX-One", small_tower()[0]))
    assert set(found.values()) == {"pass"}
    assert len(found) == 6


@pytest.mark.parametrize("name", ["NEE", "TA", "SW_IN"])
@pytest.mark.parametrize(("days", "outcome"), [(6, "pass"), (7, "warn"), (14, "stop")])
def test_a_series_that_stands_still_is_noticed(name, days, outcome):
    record = small_tower()[0]
    record[name].values[100 : 100 + days] = record[name].values[100]
    found = {each.key: each for each in series_findings("XX-One", record)}
    assert found[f"towers.still:XX-One {name}"].outcome == outcome
    assert found[f"towers.still:XX-One {name}"].found == f"{days} d of one value from 2004-04-10"


def test_the_polar_night_does_not_stand_still():
    record = small_tower(75.0)[0]
    assert (record.SW_IN == 0.0).sum() > 90
    assert outcomes(series_findings("XX-One", record))["towers.still:XX-One SW_IN"] == "pass"


def test_a_gap_interrupts_a_run():
    days = pd.DatetimeIndex(["2001-01-01", "2001-01-02", "2001-01-04", "2001-01-05", "2001-01-06"])
    assert longest_run(pd.Series([1.0] * 5, days)) == (3, pd.Timestamp("2001-01-04"))


@pytest.mark.parametrize("name", ["NEE", "TA", "SW_IN"])
def test_a_repeated_year_stops_the_run(name):
    record = small_tower()[0]
    record[name].values[YEAR == 2006] = record[name].values[YEAR == 2005]
    (finding,) = (each for each in series_findings("XX-One", record) if each.outcome == "stop")
    assert finding.key == f"towers.years:XX-One {name}"
    assert finding.found == "100.0% of the days of 2006 equal to those of 2005"


def three():
    return {site: small_tower(seed=number)[0] for number, site in enumerate(SITES.index)}


def test_different_towers_pass():
    assert set(outcomes(copy_findings(three(), SITES)).values()) == {"pass"}


def test_a_copied_year_of_nee_stops_the_run():
    records = three()
    records["XX-Two"].NEE.values[YEAR == 2005] = records["XX-One"].NEE.values[YEAR == 2005]
    found = {each.key: each for each in copy_findings(records, SITES)}
    assert found["towers.copies:XX-Two"].outcome == "stop"
    assert found["towers.copies:XX-Two"].found == (
        "100.0% of the days of NEE of 2005 equal to those of XX-One"
    )
    assert found["towers.copies:YY-Tre"].outcome == "pass"


def test_only_neighbours_share_a_thermometer():
    """XX-Two is 11 km from XX-One, and YY-Tre is 1,500 km away."""
    records = three()
    records["XX-Two"] = records["XX-Two"].assign(TA=records["XX-One"].TA)
    assert stops(copy_findings(records, SITES)) == set()
    records["YY-Tre"] = records["YY-Tre"].assign(TA=records["XX-One"].TA)
    assert stops(copy_findings(records, SITES)) == {"towers.copies:YY-Tre"}


def test_share_of_equal_days_by_hand():
    """Of 100 days, 10 are missing and 10 are zero; 20 of the other 80 differ."""
    first = np.arange(100.0) + 1.0
    second = first.copy()
    first[:10], first[10:20], second[20:40] = np.nan, 0.0, -1.0
    assert equal_share(first, second) == pytest.approx(0.75)
    assert equal_share(first[:70], second[:70]) == 0.0
