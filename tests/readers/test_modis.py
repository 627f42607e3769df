import pandas as pd
import pytest

from fluxprod.errors import DataError
from fluxprod.readers.modis import find_composites


def touch(folder, product, year, days):
    for day in days:
        (folder / f"{product}.A{year}{day:03d}.061.2020001000000.hdf").touch()


def test_dates_are_mid_window(tmp_path):
    touch(tmp_path, "MOD13C1", 2001, range(1, 366, 16))
    touch(tmp_path, "MOD13C1", 2002, range(1, 366, 16))
    touch(tmp_path, "MOD13C2", 2001, [1])
    found = list(find_composites(tmp_path, "MOD13C1", [2001]))
    assert len(found) == 23
    assert found[0] == pd.Timestamp("2001-01-09")
    assert found[-1] == pd.Timestamp("2001-12-27")  # day 353 is 19 December


def test_terra_before_aqua(tmp_path):
    touch(tmp_path, "MOD15A2H", 2002, range(1, 185, 8))
    touch(tmp_path, "MCD15A2H", 2002, range(185, 366, 8))
    found = find_composites(tmp_path, "MCD15A2H", [2002])
    assert len(found) == 46
    assert found[pd.Timestamp("2002-07-08")].name.startswith("MCD15A2H.A2002185")


def test_ninth_day_is_mid_window(tmp_path):
    touch(tmp_path, "MCD43C4", 2001, range(9, 366, 8))
    found = list(find_composites(tmp_path, "MCD43C4", [2001]))
    assert found[0] == pd.Timestamp("2001-01-09")


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ([1, 17, 49, *range(65, 366, 16)], "nothing between 2001-01-17 and 2001-02-18"),
        (range(33, 366, 16), "nothing between 2001-01-01 and 2001-02-02"),
        (range(1, 300, 16), "nothing between 2001-10-16 and 2001-12-31"),
        ([], "found no file"),
    ],
)
def test_gaps_are_named(tmp_path, days, message):
    touch(tmp_path, "MOD13C1", 2001, days)
    with pytest.raises(DataError, match=f"MOD13C1: found {message.removeprefix('found ')}"):
        find_composites(tmp_path, "MOD13C1", [2001])


def test_two_collections_side_by_side(tmp_path):
    touch(tmp_path, "MOD13C1", 2001, range(1, 366, 16))
    (tmp_path / "MOD13C1.A2001017.006.2015001000000.hdf").touch()
    with pytest.raises(DataError, match="2001017 more than once"):
        find_composites(tmp_path, "MOD13C1", [2001])
