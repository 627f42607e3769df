"""Names of drivers: their order, their paces and their sets."""

from typing import get_args

import pytest

from fluxprod.core.variables import (
    ALL_DRIVERS,
    ANOMALY_DRIVERS,
    DAILY_DRIVERS,
    DRIVER_SETS,
    DRIVERS,
    IGBP,
    PFT_GROUPS,
    SEASONAL_DRIVERS,
    STATIC_DRIVERS,
    VARIABLES,
    driver_names,
    driver_set,
)
from fluxprod.networks.settings import TrainingSettings


def test_every_driver_has_one_pace_and_a_place_in_the_vocabulary():
    paces = DAILY_DRIVERS + SEASONAL_DRIVERS + STATIC_DRIVERS
    assert sorted(paces) == sorted(ALL_DRIVERS)
    assert len(set(ALL_DRIVERS)) == len(ALL_DRIVERS)
    assert set(ALL_DRIVERS) <= set(VARIABLES)


def test_no_class_is_in_two_groups():
    codes = [code for group in PFT_GROUPS.values() for code in group]
    assert set(IGBP.values()) - set(codes) == {"DNF", "URB", "BSV"}
    assert len(codes) == len(set(codes)) == len(IGBP) - 3


def test_the_settings_name_the_sets():
    assert set(get_args(TrainingSettings.model_fields["drivers"].annotation)) == set(DRIVER_SETS)
    assert TrainingSettings().drivers == "table_a2"


@pytest.mark.parametrize("name", DRIVER_SETS)
def test_sets_begin_with_table_a2_and_end_with_the_anomalies(name):
    stored = driver_names(anomalies=True, deficit=True)
    found = driver_set(name, stored)
    assert found[: len(DRIVERS)] == list(DRIVERS)
    assert tuple(found[-2:]) == ANOMALY_DRIVERS
    without = driver_set(name, driver_names(anomalies=False, deficit=True))
    assert without == found[:-2]
    assert sorted(without) == sorted(DRIVER_SETS[name])


def test_table_a2_is_the_papers():
    assert driver_set("table_a2", driver_names(anomalies=False, deficit=False)) == list(DRIVERS)


def test_a_set_keeps_drivers_that_the_files_lack_so_that_training_names_them():
    stored = driver_names(anomalies=False, deficit=False)
    assert set(driver_set("daily", stored)) - set(stored) == {"VPD"}
