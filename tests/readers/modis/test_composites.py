import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.modis.composites import find_composites, lost_composites

OUTAGE_2001 = (pd.Timestamp("2001-06-15"), pd.Timestamp("2001-07-02"))


def touch(folder, product, year, days, tile=""):
    for day in days:
        (folder / f"{product}.A{year}{day:03d}{tile}.061.2020001000000.hdf").touch()


def times(composites):
    return [composite.time for composite in composites]


def products(composites):
    return [[source.product for source in composite.sources] for composite in composites]


def test_dates_are_mid_window(tmp_path):
    touch(tmp_path, "MOD13C1", 2001, range(1, 366, 16))
    touch(tmp_path, "MOD13C1", 2002, range(1, 366, 16))
    found = times(find_composites(tmp_path, "MOD13C1", [2001]))
    assert len(found) == 23
    assert found[0] == pd.Timestamp("2001-01-09")
    assert found[-1] == pd.Timestamp("2001-12-27")  # day 353 is 19 December


def test_terra_before_aqua(tmp_path):
    touch(
        tmp_path, "MOD15A2H", 2002, range(1, 366, 8)
    )  # still issued when the better product exists
    touch(tmp_path, "MCD15A2H", 2002, range(185, 366, 8))
    found = find_composites(tmp_path, "MCD15A2H", [2002])
    assert products(found) == [["MOD15A2H"]] * 23 + [["MCD15A2H"]] * 23
    assert found[23].time == pd.Timestamp("2002-07-08")
    assert found[23].sources[0].path.name.startswith("MCD15A2H.A2002185")


def test_months_only_without_16_days(tmp_path):
    firsts = [date.day_of_year for date in pd.date_range("2001-01-01", "2001-12-31", freq="MS")]
    touch(tmp_path, "MOD13C2", 2001, firsts)
    found = find_composites(tmp_path, "MOD13C1", [2001])
    assert products(found) == [["MOD13C2"]] * 12
    assert found[1].time == pd.Timestamp("2001-02-16")
    touch(tmp_path, "MOD13C1", 2001, range(1, 366, 16))
    assert products(find_composites(tmp_path, "MOD13C1", [2001])) == [["MOD13C1"]] * 23


def test_days_are_grouped_into_steps_of_eight(tmp_path):
    touch(tmp_path, "MOD11C1", 2001, range(1, 366))
    found = find_composites(tmp_path, "MOD11C2", [2001])
    assert [len(composite.sources) for composite in found] == [8] * 45 + [5]
    assert found[0].time == pd.Timestamp("2001-01-05")
    (tmp_path / "MOD11C1.A2001100.061.2020001000000.hdf").unlink()
    with pytest.raises(DataError, match="MOD11C1: found no file for 2001100, .*every day"):
        find_composites(tmp_path, "MOD11C2", [2001])


def test_one_daily_reflectance_per_step(tmp_path):
    touch(tmp_path, "MCD43C4", 2001, range(1, 366))
    found = find_composites(tmp_path, "MCD43C4", [2001])
    assert times(found[:2]) == [pd.Timestamp("2001-01-01"), pd.Timestamp("2001-01-09")]
    assert len(found) == 46
    (tmp_path / "MCD43C4.A2001009.061.2020001000000.hdf").unlink()
    assert find_composites(tmp_path, "MCD43C4", [2001])[1].time == pd.Timestamp("2001-01-10")


def test_windows_of_16_days_cover_an_empty_step_of_eight(tmp_path):
    touch(tmp_path, "MCD43C4", 2001, range(9, 366, 16))
    found = times(find_composites(tmp_path, "MCD43C4", [2001]))
    assert found[:2] == [pd.Timestamp("2001-01-09"), pd.Timestamp("2001-01-25")]
    (tmp_path / "MCD43C4.A2001041.061.2020001000000.hdf").unlink()
    with pytest.raises(DataError, match="no file for 2001041, 2001049"):
        find_composites(tmp_path, "MCD43C4", [2001])


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (
            [1, 17, 49, *range(65, 366, 16)],
            "found no file for 2001033, expected a file every 16 day",
        ),
        (range(33, 366, 16), "found no file for 2001001, 2001017, expected"),
        (range(1, 200, 16), "for 2001209, 2001225, 2001241, 2001257, 2001273 and 5 more, expected"),
        ([*range(1, 366, 16), 10], "found dates 2001010, expected .* 2001001, 2001017"),
        ([], "found no file, expected one of MOD13C1, MOD13C2, MOD13Q1/MOD13A1/MOD13A2 in 2001"),
    ],
)
def test_gaps_are_named(tmp_path, days, message):
    touch(tmp_path, "MOD13C1", 2001, days)
    with pytest.raises(DataError, match=message):
        find_composites(tmp_path, "MOD13C1", [2001])


def test_an_outage_explains_a_step(tmp_path):
    touch(tmp_path, "MOD11C2", 2001, [*range(1, 162, 8), *range(177, 366, 8)])  # without day 169
    with pytest.raises(DataError, match="no file for 2001169, .*vegetation.known_gaps"):
        find_composites(tmp_path, "MOD11C2", [2001])
    found = find_composites(tmp_path, "MOD11C2", [2001], [OUTAGE_2001])
    assert len(found) == 46  # the time axis is still that of fAPAR
    assert lost_composites(found) == [pd.Timestamp("2001-06-22")]
    (tmp_path / "MOD11C2.A2001009.061.2020001000000.hdf").unlink()
    with pytest.raises(DataError, match="no file for 2001009,"):
        find_composites(tmp_path, "MOD11C2", [2001], [OUTAGE_2001])


def test_two_collections_in_one_folder(tmp_path):
    touch(tmp_path, "MOD13C1", 2001, range(1, 366, 16))
    (tmp_path / "MOD13C1.A2001017.006.2015001000000.hdf").touch()
    with pytest.raises(DataError, match="2001017 more than once"):
        find_composites(tmp_path, "MOD13C1", [2001])


def test_an_invalid_day(tmp_path):
    touch(tmp_path, "MOD13C1", 2001, [*range(1, 366, 16), 999])
    with pytest.raises(DataError, match="found 2001999, expected a year and its day"):
        find_composites(tmp_path, "MOD13C1", [2001])


def test_tiles_of_a_date_belong_together(tmp_path):
    for tile in (".h18v04", ".h19v04"):
        touch(tmp_path, "MCD15A2H", 2003, range(1, 366, 8), tile)
    found = find_composites(tmp_path, "MCD15A2H", [2003])
    assert len(found) == 46
    assert [source.path.name[18:24] for source in found[3].sources] == ["h18v04", "h19v04"]
    (tmp_path / "MCD15A2H.A2003025.h19v04.061.2020001000000.hdf").unlink()
    with pytest.raises(DataError, match="tiles: found 2003025 without h19v04, expected the tiles"):
        find_composites(tmp_path, "MCD15A2H", [2003])
