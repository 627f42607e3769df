"""Edits of raw files do what they say, and the page counts what was noticed."""

import netCDF4
import numpy as np
import pandas as pd
import pytest
from pyhdf.SD import SD

from fluxprod.experiments.wrong_inputs.edit import (
    columns,
    copied,
    csv,
    half_rolled,
    hdf4,
    netcdf,
    removed,
    times,
    upside_down,
)
from fluxprod.experiments.wrong_inputs.page import wrong_inputs_page
from fluxprod.experiments.wrong_inputs.run import EDITS
from fluxprod.experiments.wrong_inputs.trial import Trial
from fluxprod.inventory.datasets import RAW_LIST
from fluxprod.synthetic.native.hdf4 import write_grid
from fluxprod.synthetic.native.modis import NDVI


def test_there_are_mistakes_in_every_folder_and_none_is_listed_twice():
    names = [(edit.folder, edit.mistake) for edit in EDITS]
    assert len(names) == len(set(names)) >= 60
    assert {folder for folder, _ in names} == {dataset.folder for dataset in RAW_LIST}


def test_netcdf_is_edited_in_physical_units_and_missing_values_stay(tmp_path):
    with netCDF4.Dataset(tmp_path / "a.nc", "w") as dataset:
        dataset.createDimension("lat", 2)
        dataset.createDimension("lon", 2)
        field = dataset.createVariable("x", "f4", ("lat", "lon"), fill_value=np.float32(-9999.0))
        field[:] = np.ma.masked_equal([[1.0, 2.0], [3.0, -9999.0]], -9999.0)
    netcdf("*.nc", "x", times(2.0))(tmp_path)
    netcdf("*.nc", "x", upside_down)(tmp_path)
    with netCDF4.Dataset(tmp_path / "a.nc") as dataset:
        found = dataset["x"][:].astype(float).filled(np.nan)
    assert found.tolist()[1] == [2.0, 4.0]
    assert found[0, 0] == 6.0
    assert np.isnan(found[0, 1])


def test_a_map_is_moved_by_half_the_globe():
    assert half_rolled(np.array([[0, 1, 2, 3]])).tolist() == [[2, 3, 0, 1]]


def test_hdf4_is_edited_in_raw_integers(tmp_path):
    write_grid(tmp_path / "a.hdf", "GRID", {NDVI: np.array([[0.5, np.nan], [0.1, 0.2]])})
    hdf4("*.hdf", NDVI.name, upside_down)(tmp_path)
    assert SD(str(tmp_path / "a.hdf")).select(NDVI.name)[:].tolist() == [
        [1000, 2000],
        [5000, -3000],
    ]


def test_columns_are_edited_without_their_flags_and_gaps(tmp_path):
    table = pd.DataFrame({"TA_F": [1.0, -9999.0], "TA_F_QC": [1.0, 0.5], "P_F": [3.0, 4.0]})
    table.to_csv(tmp_path / "a.csv", index=False)
    csv("*.csv", columns(("TA_",), times(10.0)))(tmp_path)
    found = pd.read_csv(tmp_path / "a.csv")
    assert found.TA_F.tolist() == [10.0, -9999.0]
    assert found.TA_F_QC.tolist() == [1.0, 0.5]
    assert found.P_F.tolist() == [3.0, 4.0]


def test_a_file_is_copied_over_another(tmp_path):
    for name in ("x2003.nc", "x2005.nc"):
        (tmp_path / name).write_text(name)
    copied("*2003.nc", "*2005.nc")(tmp_path)
    assert (tmp_path / "x2005.nc").read_text() == "x2003.nc"
    with pytest.raises(FileNotFoundError):
        copied("*2003.nc", "*2006.nc")(tmp_path)
    removed("*2003.nc")(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["x2005.nc"]


def test_the_page_counts_what_was_noticed():
    trials = [
        Trial("era5", "upside down", "plausibility", "stop", "TA: found | lines", None),
        Trial("gfas", "a day late", "nothing", "unseen", "", -7.25),
        Trial("modis", "late", "plausibility", "warn", "LST", None),
    ]
    page = wrong_inputs_page(trials, -7.0, {61: ["x"], 62: []})
    assert "Of 3 mistakes, 2 are noticed (67%): 1 stop the run and 1 warn; 1 pass unseen" in page
    assert "(-7.00 PgC/yr) by at most 0.25 PgC/yr" in page
    assert "| gfas | a day late | nothing passes unseen | the sink moves by -0.25 PgC/yr |" in page
    assert "TA: found / lines" in page
    assert "on 2 Earths as they are (seeds 61, 62); the tests warn 1 times" in " ".join(
        page.split()
    )
