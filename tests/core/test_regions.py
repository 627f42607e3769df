import numpy as np
import pytest

from fluxprod.core.regions import ABBREVIATIONS, TROPICS, regional_sums


def test_regions_are_those_of_table_a1():
    assert " ".join(ABBREVIATIONS) == (
        "USA CAN CAM NSA BRA SSA EU NAF EQAF SAF RUS CAS MIDE CHN KAJ SAS SEAS OCE"
    )
    assert set(TROPICS) < set(ABBREVIATIONS)
    assert len(TROPICS) == 7


def test_sums_worked_out_by_hand_and_closure():
    amount = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0], [8.0, 80.0]])
    sums = regional_sums(amount, np.array([0, 17, 0, -1]))
    assert sums[0].tolist() == [5.0, 50.0]
    assert sums[17].tolist() == [2.0, 20.0]
    assert sums[18].tolist() == [8.0, 80.0]
    np.testing.assert_allclose(sums.sum(axis=0), amount.sum(axis=0))


def test_unknown_region_is_refused():
    with pytest.raises(ValueError, match="region numbers outside -1 to 17: .*18"):
        regional_sums(np.ones(1), np.array([18]))
