"""For changed bytes in tower tables, site tables and archives: valid data or a DataError."""

import gzip
import io
import zipfile

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.bif import read_site_metadata
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.readers.towers.lathuile import read_lathuile_metadata
from fluxprod.readers.towers.lathuile_workbook import read_lathuile_workbook
from fluxprod.readers.towers.sites import find_tower_files, fluxnet_sites
from fluxprod.readers.towers.table_text import PLAUSIBLE, quantity
from tests.readers.towers.test_broken import (
    BIF,
    NAME,
    OLD_NAME,
    fluxnet_csv,
    lathuile_csv,
    read,
)


def mutated(content, edits):
    """Flip, insert, delete, repeat or truncate bytes of the content."""
    content = bytearray(content)
    for kind, place, byte in edits:
        at = int(place * len(content))
        if kind == "flip" and content:
            content[min(at, len(content) - 1)] = byte
        elif kind == "insert":
            content[at:at] = bytes([byte])
        elif kind == "delete":
            del content[at : at + 1 + byte % 40]
        elif kind == "double":
            content[at:at] = content[at : at + byte]
        elif kind == "cut":
            del content[at:]
    return bytes(content)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "insert", "delete", "double", "cut"]),
        st.floats(0.0, 1.0),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=4,
)
THOROUGH = settings(max_examples=150, deadline=None, derandomize=True)


def valid(record):
    days = record.time.to_index()
    assert (days[1:] - days[:-1] == pd.Timedelta("1D")).all()
    for name in record.data_vars:
        low, high = PLAUSIBLE[quantity(str(name))]
        values = record[name].values[~record[name].isnull().values]
        assert ((values >= low) & (values <= high)).all()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("mutated")


@pytest.mark.parametrize(("name", "text"), [(NAME, fluxnet_csv()), (OLD_NAME, lathuile_csv())])
def test_mutated_tables_are_valid_or_refused(place, name, text):
    @THOROUGH
    @given(edits=EDITS)
    @example(edits=[("cut", 0.0, 0)])
    def check(edits):
        said = refusal(lambda: valid(read(place, mutated(text.encode(), edits), name)))
        assert said is None or name in said or "AA-Old" in said

    check()


def refusal(use):
    """Text of the DataError, or None if there is none; any other error fails the test."""
    try:
        use()
    except DataError as error:
        return str(error)
    return None


@THOROUGH
@given(edits=EDITS)
def test_mutated_site_tables_are_valid_or_refused(place, edits):
    path = place / "FLX_AA-Flx_BIF.csv"
    path.write_bytes(mutated(BIF.encode(), edits))
    said = refusal(lambda: on_the_globe(read_site_metadata(path)))
    assert said is None or path.name in said


def on_the_globe(sites):
    assert sites.lat.dropna().between(-90, 90).all()
    assert sites.lon.dropna().between(-180, 180).all()


@THOROUGH
@given(edits=EDITS)
def test_mutated_archives_are_valid_or_refused(place, edits):
    folder = place / "archives"
    folder.mkdir(exist_ok=True)
    path = folder / "AMF_AA-New_FLUXNET_SUBSET_2004-2004_3-5.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, fluxnet_csv())
    path.write_bytes(mutated(path.read_bytes(), edits))
    said = refusal(lambda: all_valid(find_tower_files(folder)))
    assert said is None or path.name in said


def all_valid(towers):
    for tables in towers.values():
        valid(read_fluxnet_daily(tables[0]))


@THOROUGH
@given(edits=EDITS)
def test_mutated_gzip_is_valid_or_refused(place, edits):
    path = place / f"{NAME}.gz"
    path.write_bytes(mutated(gzip.compress(fluxnet_csv().encode(), mtime=0), edits))
    said = refusal(lambda: valid(read_fluxnet_daily(path)))
    assert said is None or path.name in said


@pytest.fixture(scope="module")
def workbook(place):
    path = place / "plain.xlsx"
    rows = [line.split(",") for line in BIF.splitlines()]
    pd.DataFrame(rows[1:], columns=rows[0]).to_excel(path, index=False)
    return path.read_bytes()


@pytest.mark.parametrize("packed", [True, False])
def test_mutated_workbooks_are_valid_or_refused(place, workbook, packed):
    """Bytes of the file, or of its sheet with correct checksums."""

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(edits=EDITS)
    def check(edits):
        path = place / "AMF_AA-Flx_FLUXNET-BIF_CCBY4_20250101.xlsx"
        path.write_bytes(mutated(workbook, edits) if packed else with_sheet(workbook, edits))
        said = refusal(lambda: on_the_globe(read_site_metadata(path)))
        assert said is None or (path.name in said and "\n" not in said)

    check()


def with_sheet(workbook, edits):
    """The workbook with its first sheet mutated."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, mutated(data, edits) if name.endswith("sheet1.xml") else data)
    return content.getvalue()


TABLES = {
    "Site_metadata.csv": (
        read_lathuile_metadata,
        "SiteCode,SiteLatitude,SiteLongitude,IGBP_vegetation_short\nAA-Old,1.5,NA,GRA\n",
    ),
    "fluxnet_shuttle_snapshot.csv": (
        read_site_metadata,
        "site_id,location_lat,location_long,igbp,note\nAA-New,47.5,11.25,DBF,a; b\n",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_mutated_lists_of_sites_are_valid_or_refused(place, name):
    reader, text = TABLES[name]

    @THOROUGH
    @given(edits=EDITS)
    def check(edits):
        path = place / name
        path.write_bytes(mutated(text.encode(), edits))
        said = refusal(lambda: reader(path))
        assert said is None or (name in said and "\n" not in said)

    check()


@THOROUGH
@given(edits=EDITS)
def test_mutated_archives_of_site_tables_are_valid_or_refused(place, edits):
    folder = place / "sites"
    folder.mkdir(exist_ok=True)
    path = folder / "AMF_AA-New_FLUXNET_2004-2004_v1.3_r1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AMF_AA-New_FLUXNET_BIF_2004-2004_v1.3_r1.csv", BIF)
    path.write_bytes(mutated(path.read_bytes(), edits))
    said = refusal(lambda: on_the_globe(fluxnet_sites(folder)))
    assert said is None or str(folder) in said


def test_mutated_excel_97_is_valid_or_refused(place, realdata):
    pytest.importorskip("xlrd")
    content = (realdata / "sites" / "LaThuile_SiteMetadata.xls").read_bytes()

    @THOROUGH
    @given(edits=EDITS)
    def check(edits):
        path = place / "LaThuile_SiteMetadata.xls"
        path.write_bytes(mutated(content, edits))
        said = refusal(lambda: on_the_globe(read_lathuile_workbook(path)))
        assert said is None or (path.name in said and "\n" not in said)

    check()
