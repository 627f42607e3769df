import zipfile

import numpy as np
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.files.global_field import (
    check_plausible,
    checked_variable,
    opened_dataset,
    unique_dates,
    unit_factor,
)
from fluxprod.readers.files.only_file import only_file
from tests.readers.files.native_grid import GRID, numbered, write_cube

DAYS = {"time": np.arange(2.0), "time_units": "days since 2001-01-01"}


@pytest.fixture
def cube(tmp_path):
    path = tmp_path / "cube.nc"
    write_cube(path, "x", numbered(2), units="kg m**-2 s**-1", **DAYS)
    return path


def test_axes_get_our_names_and_dates(cube):
    with opened_dataset(cube) as dataset:
        field = checked_variable(cube, dataset, "x", ("lat", "lon", "time"))
        assert field.dims == ("lat", "lon", "time")
        assert [str(day.date()) for day in unique_dates(cube, dataset)] == [
            "2001-01-01",
            "2001-01-02",
        ]


def test_unit_may_be_written_in_several_ways(cube):
    with opened_dataset(cube) as dataset:
        assert unit_factor(cube, dataset["x"], {"kgm-2s-1": 2.0}) == 2.0
        with pytest.raises(DataError, match=r"units of x: found 'kg m\*\*-2 s\*\*-1', expected"):
            unit_factor(cube, dataset["x"], {"gm-2d-1": 1.0})


def test_error_for_a_missing_variable_lists_those_present(cube):
    with (
        opened_dataset(cube) as dataset,
        pytest.raises(DataError, match=r"cube.nc: y: found only \['x'\]"),
    ):
        checked_variable(cube, dataset, "y", ("time", "lat", "lon"))


def test_other_dimensions_are_refused(cube):
    with opened_dataset(cube) as dataset, pytest.raises(DataError, match="dimensions"):
        checked_variable(cube, dataset, "x", ("member", "time", "lat", "lon"))


def test_a_part_of_the_globe_is_refused(tmp_path):
    path = tmp_path / "part.nc"
    write_cube(path, "x", numbered(2), units="1", lat=GRID.lat / 2.0, **DAYS)
    with (
        opened_dataset(path) as dataset,
        pytest.raises(DataError, match="equal cells over 180 degrees"),
    ):
        checked_variable(path, dataset, "x", ("time", "lat", "lon"))


def test_a_repeated_date_is_refused(tmp_path):
    path = tmp_path / "twice.nc"
    days = {**DAYS, "time": np.zeros(2)}
    write_cube(path, "x", numbered(2), units="1", **days)
    with opened_dataset(path) as dataset, pytest.raises(DataError, match="2001-01-01 .*twice"):
        unique_dates(path, dataset)


def test_a_model_calendar_is_refused(tmp_path):
    path = tmp_path / "calendar.nc"
    write_cube(path, "x", numbered(2), units="1", **DAYS)
    with (
        opened_dataset(path, decode_times=False) as dataset,
        pytest.raises(DataError, match="calendar"),
    ):
        unique_dates(path, dataset)


def test_missing_corrupt_and_zipped_files(tmp_path):
    broken, zipped = tmp_path / "broken.nc", tmp_path / "zipped.nc"
    broken.write_bytes(b"CDF of no kind")
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("a.nc", b"")
    for path, message in (
        (tmp_path / "none.nc", "found no such file, expected a NetCDF file"),
        (broken, "unreadable"),
        (zipped, "zipped.nc/a.nc: file: found an empty file, expected a NetCDF file"),
    ):
        with pytest.raises(DataError, match=message), opened_dataset(path):
            pass


def test_file_in_an_archive_with_any_suffix(tmp_path):
    path, zipped = tmp_path / "a.nc", tmp_path / "zipped.nc"
    write_cube(path, "x", numbered(2), units="1", **DAYS)
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(path, "data/a.nc")
        archive.writestr("read me.txt", "nothing")
    with opened_dataset(zipped) as dataset:
        np.testing.assert_array_equal(dataset.x, numbered(2))
    with zipfile.ZipFile(zipped, "a") as archive:
        archive.write(path, "b.nc")
    with pytest.raises(DataError, match="a.nc.*expected one NetCDF file"), opened_dataset(zipped):
        pass
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("read me.txt", "nothing")
    with (
        pytest.raises(DataError, match="read me.txt.*expected a NetCDF file in it"),
        opened_dataset(zipped),
    ):
        pass


def test_implausible_magnitudes_are_refused_but_missing_values_are_not(tmp_path):
    check_plausible(tmp_path, "x", np.array([np.nan, -3.0]), 3.0, "m")
    check_plausible(tmp_path, "x", np.full(2, np.nan), 3.0, "m")
    with pytest.raises(DataError, match="magnitude of 9999 m, expected at most 3 m"):
        check_plausible(tmp_path, "x", np.array([-9999.0, 1.0]), 3.0, "m")


def test_only_file(tmp_path):
    one = tmp_path / "a.nc"
    one.touch()
    assert only_file(tmp_path, "*.nc", "mask") == one
    assert only_file(one, "*.xlsx", "mask") == one
    (tmp_path / "b.nc").touch()
    with pytest.raises(DataError, match=r"mask: found a.nc, b.nc, expected one file \*.nc"):
        only_file(tmp_path, "*.nc", "mask")
    with pytest.raises(DataError, match="no such file"):
        only_file(tmp_path / "nowhere", "*.nc", "mask")
