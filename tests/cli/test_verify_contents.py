"""Planted faults of contents, whose checksums are right: found by the command itself."""

import json
import re
import shutil
import zlib

import netCDF4
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests import fake_run
from tests.cli.download import (
    ANNUAL,
    DAILY,
    MEMBERS,
    MONTHLY,
    REGIONAL,
    STORE,
    TABLE,
    VERSION,
    sealed,
    wrong,
)
from tests.fake_product import make


def flux(name, change):
    def edit(file):
        values = file[name][:]
        change(values)
        file[name][:] = values

    return edit


def attribute(variable, name, value):
    return lambda file: (file[variable] if variable else file).setncattr(name, value)


def one_cell(values):
    """Change one month of one cell by 30 g m-2 d-1."""
    values[tuple(np.argwhere(~values.mask)[0])] += 30.0


def too_much(values):
    values[tuple(np.argwhere(~values.mask)[0])] = -61.0


def hole(values):
    values[tuple(np.argwhere(~values.mask)[0])] = np.ma.masked


def island(values):
    values[tuple(np.argwhere(values.mask)[0])] = 1.0


def negative(values):
    values[...] = -abs(values)


EDITS = {
    "range": (flux("nee", too_much), r"nee: range -61 to [0-9.]+, expected -60 to 60 g m-2 d-1"),
    "spread": (flux("nee_ec_spread", negative), r"nee_ec_spread: range -[0-9.]+ to -[0-9.]+, exp"),
    "missing land": (flux("nee", hole), r"nee: 1 cells with land_fraction > 0 have no values"),
    "sea": (flux("nee_ec", island), r"nee_ec: 1 values present where land_fraction is 0"),
    "units": (
        attribute("nee", "units", "kg m-2 s-1"),
        r"nee: units 'kg m-2 s-1', expected 'g m-2 d-1'",
    ),
    "gC": (attribute("nee", "units", "gC m-2 d-1"), r"CF §3.1 Units: .*gC m-2 d-1"),
    "sign": (
        attribute("nee", "comment", "Positive downwards."),
        r"nee: its comment does not say that positive is to the atmosphere",
    ),
    "standard name": (
        attribute(
            "nee",
            "standard_name",
            "surface_downward_mass_flux_of_carbon_dioxide_expressed_as_carbon",
        ),
        r"nee: standard_name '.*', but CF has none for NEE",
    ),
    "world": (attribute(None, "source_world", "observed"), r"source_world: found 'observed'"),
    "version": (attribute(None, "product_version", "9"), r"product_version: found '9'"),
    "area": (
        flux("cell_area", lambda values: values.__imul__(1.001)),
        r"cell_area: sums to 1.001 of the Earth's surface",
    ),
    "time": (
        flux("time_bnds", lambda values: values.__iadd__(1.0)),
        r"time: 36 missing, first 2001-01-01, 36 outside the period",
    ),
}


def spoil(folder, name, edit):
    """Edit a NetCDF file and seal it again."""
    with netCDF4.Dataset(folder / name, "a") as file:
        edit(file)
    sealed(folder, name)


@pytest.mark.parametrize("fault", EDITS)
def test_contents_that_checksums_do_not_tell(run, some, fault):
    edit, text = EDITS[fault]
    folder = some(MONTHLY)
    spoil(folder, MONTHLY, edit)
    found = wrong(run, folder)
    assert found.keys() == {MONTHLY}
    assert re.search(text, found[MONTHLY]), found[MONTHLY]
    assert "SHA-256" not in found[MONTHLY]


def test_a_gap_in_time(run, some):
    folder = some(MONTHLY)
    with xr.load_dataset(folder / MONTHLY) as monthly:
        monthly.drop_isel(time=5).to_netcdf(folder / MONTHLY)
    sealed(folder, MONTHLY)
    assert "time: 1 missing, first 2001-06-01" in wrong(run, folder)[MONTHLY]


@pytest.mark.parametrize(
    ("other", "text"),
    [
        (TABLE, r"nee: 2 of 720 values differ, at worst found .*, against the monthly file"),
        (REGIONAL, r"nee: 2 of 720 values differ, at worst found .*, against the monthly file"),
        (ANNUAL, r"nee: 2 of 60 values differ, at worst found .*, against the monthly file"),
        (
            MEMBERS,
            r"nee: mean of the members differs from nee of the monthly file by up to 30 g m-2 d-1",
        ),
        (DAILY, r"nee: global total: 1 of 12 values differ, .*, against the monthly file"),
        (STORE, r"monthly 2001-2003: nee: 1 values differ from the NetCDF file"),
    ],
)
def test_one_cell_of_one_month_is_found_in_the_other_file(run, some, other, text):
    folder = some(MONTHLY, other)
    spoil(folder, MONTHLY, flux("nee", one_cell))
    found = wrong(run, folder)
    assert found.keys() == {other}
    assert re.match(text, found[other]), found[other]


def test_spread_of_regions_against_members(run, some):
    folder = some(MONTHLY, MEMBERS, ANNUAL)
    spoil(folder, ANNUAL, flux("nee_spread", lambda values: values.__imul__(1.01)))
    text = r"nee_spread: \d+ of 60 values differ, .*, against the members' file"
    assert re.match(text, wrong(run, folder)[ANNUAL])


def test_regions_that_miss_the_globe(run, some):
    folder = some(REGIONAL)
    spoil(folder, REGIONAL, flux("inversions", lambda values: values[3].__iadd__(0.01)))
    text = (
        "inversions: regions and unassigned differ from GLOBAL by up to 0.18 Pg in 1 of 36 periods"
    )
    assert text in wrong(run, folder)[REGIONAL]


def test_a_figure_of_the_table_is_not_that_of_netcdf(run, some):
    folder = some(TABLE, REGIONAL)
    table = pd.read_csv(folder / TABLE)
    table.loc[table.region == "USA", "spread_PgC_per_month"] += 1e-6
    table.to_csv(folder / TABLE, index=False)
    sealed(folder, TABLE)
    found = wrong(run, folder)
    assert found.keys() == {TABLE}
    assert re.match(r"nee_spread: 36 of 720 values differ, .*, against the NetCDF", found[TABLE])


def test_chunks_that_cannot_be_read(run, some):
    """Bytes changed inside a compressed chunk: the manifest is right, reading fails."""
    folder = some(MONTHLY)
    path = folder / MONTHLY
    with netCDF4.Dataset(path) as file:
        field = file["nee"][:12, :, :].filled(9.96921e36)
    chunk = zlib.compress(_shuffled(field), 4)
    content = bytearray(path.read_bytes())
    where = content.index(chunk[:50])
    content[where + 20 : where + 40] = bytes(20)
    path.write_bytes(content)
    sealed(folder, MONTHLY)
    assert "nee: values: found a chunk that cannot be read, expected" in wrong(run, folder)[MONTHLY]


def _shuffled(field):
    """As HDF5's shuffle filter: the first bytes of all values, then the second ones."""
    return np.frombuffer(field.astype("<f4").tobytes(), np.uint8).reshape(-1, 4).T.tobytes()


def test_labels_of_the_store(run, some):
    folder = some(MONTHLY, STORE)
    root = folder / STORE / "zarr.json"
    metadata = json.loads(root.read_text())
    metadata["attributes"]["product_version"] = "9.9.9"
    group = metadata["consolidated_metadata"]["metadata"]["monthly"]
    group["attributes"]["source_world"] = "observed"
    root.write_text(json.dumps(metadata))
    found = wrong(run, folder)[STORE]
    assert f"product_version: found '9.9.9', expected '{VERSION}'" in found
    assert "source_world: 'observed', in the NetCDF file 'synthetic'" in found


@pytest.mark.parametrize(
    ("kept", "cells"), [({"cell": slice(20, None)}, 20), ({"member": slice(1)}, 0)]
)
def test_land_without_drivers_and_one_member_are_no_faults(run, tmp_path, kept, cells):
    """The pipeline makes such products on purpose, and the files say so."""
    made = fake_run.build(tmp_path)
    for name in ("ec", "ec_atm"):
        path = tmp_path / f"{name}.zarr"
        with xr.open_zarr(path, consolidated=False) as store:
            whole = store.load()
        shutil.rmtree(path)
        part = whole.isel(kept)
        if "cell" in kept:
            part = part.reindex(cell=whole.cell)
        else:
            apart = (whole.NEE_month[0] - whole.NEE_month.mean("member"))[:, 0]  # always the same
            part["NEE_mean"] = part.NEE_mean + apart
            part["NEE_spread"] = part.NEE_spread.where(False)
        part.to_zarr(path, zarr_format=3, consolidated=False)
    folder = make(made, tmp_path / "product")
    result = run("verify", folder)
    assert result.exit_code == 0, result.stdout
    with xr.open_dataset(folder / MONTHLY) as monthly:
        assert monthly.land_cells_without_flux == cells
        assert int(monthly.nee.isnull().any("time").where(monthly.land_fraction > 0).sum()) == cells
