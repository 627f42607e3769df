"""Damaged, lost and incomplete outputs of stages, made by the writers of the stages."""

import shutil

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import zarr

from fluxprod.core.errors import DataError
from fluxprod.core.intact import with_checksum
from fluxprod.core.json_file import write_json
from fluxprod.pins.verified import read_verified
from fluxprod.readers.findings import read_findings
from fluxprod.readers.interim import open_interim, read_interim
from fluxprod.writers.climate_store import create_climate_store, write_climate_block
from fluxprod.writers.csv_table import write_table
from fluxprod.writers.driver_store import create_driver_store, shards, write_driver_shard
from fluxprod.writers.interim import write_interim

TIME = pd.date_range("2001-01-01", "2002-12-31", unit="s")
N_CELLS = 300
N_DRIVER_CELLS = 1100  # two shards


@pytest.fixture
def climate(tmp_path):
    path = tmp_path / "climate.zarr"
    create_climate_store(path, ("TA", "P"), np.arange(N_CELLS) * 7, TIME)
    for name in ("TA", "P"):
        for start, stop in ((0, 366), (366, 730)):
            values = np.random.default_rng(start).uniform(0, 40, (N_CELLS, stop - start))
            write_climate_block(path, name, start, values.astype(np.float32))
    return path


@pytest.fixture
def drivers(tmp_path):
    path = tmp_path / "drivers.zarr"
    cells = xr.Dataset(
        {"cell_lat": ("cell", np.linspace(-50, 80, N_DRIVER_CELLS))},
        {"cell": np.arange(N_DRIVER_CELLS), "time": TIME[:3]},
    )
    create_driver_store(path, cells, {"WAI2": ("cell", "time")})
    wai = xr.Dataset({"WAI2": (("cell", "time"), np.full((N_DRIVER_CELLS, 3), 0.5))})
    wai.WAI2[1050, 1] = np.nan
    for part in shards(N_DRIVER_CELLS):
        write_driver_shard(path, part, wai.isel(cell=part))
    return path


@pytest.fixture
def sites(tmp_path):
    """A NetCDF file with text, which HDF5 keeps outside the checked chunks."""
    path = tmp_path / "sites.nc"
    records = xr.Dataset(
        {"NEE": ("record", np.linspace(-9.0, 9.0, 500)), "site": ("n", ["FI-Hyy", "BR-Sa1"])}
    )
    write_interim(records, path)
    return path


def flip(path, position):
    content = bytearray(path.read_bytes())
    content[position] ^= 0x10
    path.write_bytes(content)


def test_intact_outputs_are_read(climate, drivers, sites):
    assert np.isfinite(read_interim(climate).P).all()
    assert np.argwhere(np.isnan(read_interim(drivers).WAI2.values)).tolist() == [[1050, 1]]
    assert read_interim(sites).site.values.tolist() == ["FI-Hyy", "BR-Sa1"]


def test_checksums_are_no_part_of_what_is_read(climate):
    found = read_interim(climate)
    assert found.attrs == {}
    assert {"compressors", "fill_value"}.isdisjoint(found.TA.encoding)


def test_a_lost_shard_of_days(climate):
    (climate / "P" / "c" / "0" / "1").unlink()
    match = (
        r"climate.zarr: P: found no values at cell 0 to 299, time 366 to 729, expected the values"
    )
    with pytest.raises(DataError, match=match):
        read_interim(climate)


def test_a_lost_shard_of_cells(drivers):
    (drivers / "WAI2" / "c" / "1" / "0").unlink()
    with open_interim(drivers) as store:
        assert (store.WAI2[:1024] == 0.5).all()  # elsewhere there is no damage
        with pytest.raises(DataError, match="WAI2: found no values at cell 1024 to 1030, time 2"):
            store.WAI2[[3, 1024, 1030], 2].load()


def test_a_chunk_that_no_one_wrote(drivers):
    """As after a fault of a writer: the shard is whole, and one of its chunks is empty."""
    array = zarr.open_group(drivers, mode="r+")["WAI2"]
    array[256:512] = array.fill_value
    with pytest.raises(DataError, match="WAI2: found no values at cell 256 to 511, time 0 to 2"):
        read_interim(drivers)


@pytest.mark.parametrize("seed", range(10))
def test_a_flipped_bit_in_a_shard(climate, seed):
    rng = np.random.default_rng(seed)
    shard = climate / "TA" / "c" / "0" / "0"
    flip(shard, rng.integers(shard.stat().st_size))
    with pytest.raises(
        DataError, match=r"climate.zarr: TA: found unreadable values at cell 0"
    ) as caught:
        read_interim(climate)
    assert "\n" not in str(caught.value)


def test_a_flipped_bit_in_lazy_values_surfaces_where_they_are_read(climate):
    """Also behind arithmetic with Dask."""
    flip(climate / "TA" / "c" / "0" / "1", 1000)
    with open_interim(climate) as store:
        warm = (store.TA.chunk(time=366) + 1.0).mean("cell")
        assert np.isfinite(warm[:366].compute()).all()
        with pytest.raises(DataError, match="climate.zarr: TA: found unreadable values"):
            warm.compute()


def test_a_truncated_shard(climate):
    shard = climate / "TA" / "c" / "0" / "0"
    shard.write_bytes(shard.read_bytes()[:-9])
    with pytest.raises(DataError, match="climate.zarr: TA: found unreadable values"):
        read_interim(climate)


@pytest.mark.parametrize("coordinate", ["cell", "time"])
def test_a_damaged_coordinate(climate, coordinate):
    (chunk,) = (climate / coordinate / "c").iterdir()
    flip(chunk, 20)
    with pytest.raises(DataError, match=f"climate.zarr: {coordinate}: found unreadable values"):
        open_interim(climate)
    chunk.unlink()
    with pytest.raises(DataError, match=f"climate.zarr: {coordinate}: found no values"):
        open_interim(climate)


def test_a_changed_scale_factor(climate):
    """It is valid metadata, so only its checksum can tell."""
    metadata = climate / "P" / "zarr.json"
    metadata.write_text(
        metadata.read_text().replace('"scale_factor": 0.02', '"scale_factor": 0.03')
    )
    with pytest.raises(
        DataError, match=r"climate.zarr: file: .*P/zarr.json does not have the SHA-256"
    ):
        open_interim(climate)


def test_a_lost_variable(climate):
    shutil.rmtree(climate / "P")
    with pytest.raises(DataError, match=r"climate.zarr: file: .*No such file.*P/zarr.json"):
        open_interim(climate)


def read_or_refused(path):
    try:
        return read_interim(path)
    except DataError as error:
        return str(error)


def test_every_flipped_byte_of_a_netcdf_file_is_noticed_or_without_effect(sites):
    whole, content = sites.read_bytes(), read_interim(sites)
    for position in range(0, len(whole), 7):
        flip(sites, position)
        found = read_or_refused(sites)
        if isinstance(found, str):
            assert "sites.nc: file: found unreadable content" in found
            assert "\n" not in found
        else:
            xr.testing.assert_identical(found, content)
            assert position >= len(whole) - 74  # the line with the checksum
        sites.write_bytes(whole)


@pytest.fixture
def findings(tmp_path):
    path = tmp_path / "plausibility.csv"
    table = pd.DataFrame({"test": ["rivers"], "outcome": ["stop"], "found": ["+0.65, # 2"]})
    write_table(table, path, checksum=True)
    return path


def test_a_table_is_read_without_its_checksum(findings):
    assert read_findings(findings).to_dict("list") == {
        "test": ["rivers"], "outcome": ["stop"], "found": ["+0.65, # 2"],
    }  # fmt: skip


def test_every_damaged_table_is_refused(findings):
    whole = findings.read_bytes()
    for position in range(len(whole)):
        flip(findings, position)
        with pytest.raises(DataError, match="plausibility.csv: .*run dvc repro"):
            read_findings(findings)
        findings.write_bytes(whole[:position])
        with pytest.raises(DataError, match="plausibility.csv: .*run dvc repro"):
            read_findings(findings)
        findings.write_bytes(whole)


def test_a_damaged_report_of_verify_raw_is_refused(tmp_path):
    report = tmp_path / "era5.json"
    write_json(with_checksum({"sha256": "ab" * 32, "files": 24}), report)
    assert read_verified(tmp_path, ("era5",)) == {"era5": {"sha256": "ab" * 32, "files": 24}}
    report.write_text(report.read_text().replace('"files": 24', '"files": 25'))
    with pytest.raises(DataError, match="era5.json: file: found a file that is not a report"):
        read_verified(tmp_path, ("era5",))


def test_declared_missing_values_may_be_those_of_netcdf(tmp_path):
    """As in product files."""
    fill = np.float32(9.969209968386869e36)
    nee = xr.Dataset({"nee": ("time", np.float32([1.0, np.nan]))})
    nee.to_netcdf(tmp_path / "nee.nc", encoding={"nee": {"_FillValue": fill}})
    np.testing.assert_array_equal(read_interim(tmp_path / "nee.nc").nee, [1.0, np.nan])


def test_netcdf_variables_have_a_checksum_of_their_own(sites):
    """HDF5 notices damage without ours, too, as for other programs."""
    with xr.open_dataset(sites) as dataset:
        assert dataset.NEE.encoding["fletcher32"]
