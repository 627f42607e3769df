"""Corrupt tower tables are refused in one line that names the file and the cause."""

import gzip
import io
import zipfile

import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.towers import table_text as tower_csv
from fluxprod.readers.towers.bif import read_site_metadata
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.readers.towers.lathuile import VARIABLE_MAP as OLDER
from fluxprod.readers.towers.lathuile import read_lathuile_metadata, read_lathuile_year
from fluxprod.readers.towers.lathuile_workbook import read_lathuile_workbook
from fluxprod.readers.towers.sites import find_tower_files, fluxnet_sites
from fluxprod.readers.towers.table_text import read_header

NAME = "FLX_AA-New_FLUXNET2015_SUBSET_DD_2004-2004_1-4.csv"
OLD_NAME = "AA-Old.2004.synth.daily.allvars.csv"
COLUMNS = {
    "TIMESTAMP": None, "TA_F": 5.25, "TA_F_QC": 1, "SW_IN_POT": 440, "SW_IN_F": 120.5,
    "SW_IN_F_QC": 1, "P_F": 0.4, "NEE_VUT_REF": -1.25, "NEE_VUT_REF_QC": 0.9,
}  # fmt: skip
BIF = """SITE_ID,GROUP_ID,VARIABLE_GROUP,VARIABLE,DATAVALUE
AA-New,1,GRP_LOCATION,LOCATION_LAT,47.5
AA-New,1,GRP_LOCATION,LOCATION_LONG,11.25
AA-New,2,C:\\data\\GRP,IGBP,DBF
"""


def fluxnet_csv(days=40):
    dates = pd.date_range("2004-01-01", periods=days).strftime("%Y%m%d")
    rows = [[date, *list(COLUMNS.values())[1:]] for date in dates]
    return pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(index=False)


def lathuile_csv(days=40):
    columns = {"Year": 2004, "DoY": 0} | dict.fromkeys(OLDER.values(), 0.5)
    columns |= {"Rg_pot": 40, "H2Ostor1": 12.5, "H2Ostor2": -9999}
    rows = [columns | {"DoY": day} for day in range(1, days + 1)]
    return pd.DataFrame(rows).to_csv(index=False, lineterminator="\r\n")


def read(tmp_path, text, name=NAME):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return (read_lathuile_year if name == OLD_NAME else read_fluxnet_daily)(path)


HTML = "<!DOCTYPE html>\n<html><body>Login</body></html>\n"


def without_line(text, number):
    lines = text.splitlines(True)
    return "".join(lines[:number] + lines[number + 1 :])


BROKEN = {
    "empty": (lambda text: "", "file: found an empty file"),
    "html": (lambda text: HTML, "file: found a web page"),
    "cut in the last number": (lambda text: text[:-3], "last line: found no line end"),
    "cut in a line": (lambda text: text[:-30], "line 41: found 2 fields, expected 9"),
    "cut at a column": (lambda text: text.rsplit(",", 2)[0] + "\n", "line 41: found 7 fields"),
    "a day twice": (lambda text: text + text.splitlines()[-1] + "\n", "02-09 after 2004-02-09"),
    "a day gone": (lambda text: without_line(text, 9), "2004-01-10 after 2004-01-08"),
    "degrees Kelvin": (
        lambda text: text.replace("5.25", "278.4"),
        "TA_F: found 278.4, the first of 40 out",
    ),
    "another fill": (lambda text: text.replace("-1.25", "-9999.9"), "NEE_VUT_REF: found -9999.9"),
    "a fill of six nines": (lambda text: text.replace("0.4", "-6999"), "P_F: found -6999"),
    "percent": (lambda text: text.replace("0.9", "90"), "NEE_VUT_REF_QC: found 90"),
    "text": (
        lambda text: text.replace("120.5", "n/a", 1),
        "row 2, column SW_IN_F: found 'n/a', expected a number, or -9999 where missing",
    ),
    "a column twice": (lambda text: text.replace("TA_F,", "P_F,", 1), "more than once"),
    "no NEE": (lambda text: text.replace("NEE_VUT_REF,", "FC,", 1), "NEE_VUT_REF: found no such"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_one_line_names_file_and_cause(tmp_path, case):
    breaks, says = BROKEN[case]
    with pytest.raises(DataError, match=says) as found:
        read(tmp_path, breaks(fluxnet_csv()))
    assert NAME in str(found.value)
    assert "\n" not in str(found.value)
    assert len(read(tmp_path, fluxnet_csv()).time) == 40  # the next good file is read


@pytest.mark.parametrize(
    ("column", "watts", "megajoules"), [("SW_IN_POT", "440", "38"), ("SW_IN_F", "120.5", "10.4")]
)
def test_radiation_in_megajoules(tmp_path, column, watts, megajoules):
    with pytest.raises(DataError, match=f"{column}: .*looks like MJ"):
        read(tmp_path, fluxnet_csv(366).replace(f",{watts},", f",{megajoules},"))


@pytest.mark.parametrize(("column", "value"), [("Rg_f", "120"), ("Rg_pot", "440")])
def test_one_radiation_of_lathuile_in_watts(tmp_path, column, value):
    table = pd.read_csv(io.StringIO(lathuile_csv(366))).assign(Rg_f=12.0)
    text = table.assign(**{column: value}).to_csv(index=False)
    with pytest.raises(DataError, match=r"Rg_\w+: found a yearly maximum .*looks like MJ"):
        read(tmp_path, text, OLD_NAME)


def test_a_year_whose_last_number_is_truncated(tmp_path):
    """The last line is 31 December and has all fields; only its line end is missing."""
    whole = fluxnet_csv(366)
    with pytest.raises(DataError, match=r"last line: found no line end after .*-1.25,0'"):
        read(tmp_path, whole[: -len(".9\n")])


def test_site_tables_whose_last_value_is_truncated(tmp_path):
    path = tmp_path / "FLX_AA-Flx_BIF.csv"
    path.write_text(BIF[: -len("BF\n")])
    with pytest.raises(DataError, match=r"BIF.csv: last line: found no line end after .*IGBP,D'"):
        read_site_metadata(path)
    path.write_text(BIF + ",,,,")  # as the BIF of FLUXNET2015 ends
    assert read_site_metadata(path).igbp.tolist() == ["DBF"]
    older = tmp_path / "Site_metadata.csv"
    older.write_text("SiteCode,SiteLatitude,SiteLongitude,IGBP_vegetation_short\nAA-Old,1,2,GR")
    with pytest.raises(DataError, match=r"Site_metadata.csv: last line: found no line end"):
        read_lathuile_metadata(older)


def test_a_table_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(tower_csv, "MAX_TABLE", len(fluxnet_csv()) - 1)
    with pytest.raises(DataError, match="file: found more than"):
        read(tmp_path, fluxnet_csv())


def test_a_truncated_column_that_is_not_read_matters_within_a_year(tmp_path):
    for days, whole in ((366, True), (365, False)):
        lines = fluxnet_csv(days).splitlines()
        text = "\n".join([f"{lines[0]},NIGHT_D", *(f"{line},-9999" for line in lines[1:])])
        if whole:
            assert read(tmp_path, text).identical(read(tmp_path, fluxnet_csv(days)))
        else:
            with pytest.raises(DataError, match="last line: found no line end, on 2004-12-30"):
                read(tmp_path, text)


def test_a_byte_order_mark_is_not_part_of_a_name(tmp_path):
    marked = read(tmp_path, b"\xef\xbb\xbf" + fluxnet_csv().encode())
    assert marked.identical(read(tmp_path, fluxnet_csv()))


def test_columns_are_found_by_name(tmp_path):
    table = pd.read_csv(pd.io.common.StringIO(fluxnet_csv()))
    shuffled = read(tmp_path, table[table.columns[::-1]].to_csv(index=False))
    assert shuffled.identical(read(tmp_path, fluxnet_csv()))


def test_lathuile_water_storage_is_read_if_present(tmp_path):
    found = read(tmp_path, lathuile_csv(), OLD_NAME)
    assert found.H2OSTOR1.values.tolist() == [12.5] * 40
    assert found.H2OSTOR1.attrs["units"] == "mm"
    assert "H2OSTOR2" not in found


def test_a_site_in_two_archives(tmp_path):
    for name in ("one.zip", "two.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(NAME, fluxnet_csv())
    with pytest.raises(DataError, match=r"AA-New: found one.zip/FLX.*csv and two.zip/FLX"):
        find_tower_files(tmp_path)


@pytest.mark.parametrize(("gone", "says"), [("LOCATION_LAT", "lat"), ("IGBP", "igbp")])
def test_missing_bif_entries_are_empty_not_guessed(tmp_path, gone, says):
    path = tmp_path / "FLX_AA-Flx_BIF.csv"
    path.write_text("".join(line for line in BIF.splitlines(True) if gone not in line))
    row = fluxnet_sites(tmp_path).iloc[0]
    assert row[says] == "" or pd.isna(row[says])


def test_a_web_page_named_as_a_workbook(tmp_path):
    path = tmp_path / "AMF_AA-Flx_FLUXNET-BIF_CCBY4_20250101.xlsx"
    path.write_text("<html>")
    with pytest.raises(DataError, match=r"20250101.xlsx: file: found a web page"):
        read_site_metadata(path)


JSON = b'{"error": "invalid_token"}'


@pytest.mark.parametrize(("content", "kind"), [(JSON, "a JSON"), (HTML.encode(), "a web page")])
@pytest.mark.parametrize("name", [NAME, NAME + ".gz", OLD_NAME, "FLX_BIF.csv", "FLX_BIF.xlsx"])
@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_a_message_of_a_server_in_place_of_a_table(tmp_path, content, kind, name, packed):
    path = tmp_path / name
    path.write_bytes(packed(content))
    reader = read_site_metadata if "BIF" in name else read_header
    with pytest.raises(DataError, match=f"file: found {kind} .*expected a table; log in"):
        reader(path)


@pytest.mark.parametrize("content", [b"", JSON, HTML.encode()])
def test_an_xls_workbook_that_is_none(tmp_path, content):
    path = tmp_path / "LaThuile_SiteMetadata.xls"
    path.write_bytes(content)
    with pytest.raises(DataError, match="expected an xls workbook; .*get it again"):
        read_lathuile_workbook(path)


@pytest.mark.parametrize(
    ("stamp", "found"),
    [("NA", "a missing value"), ("", "a missing value"), ("2.00401e+07", "20040100"),
     ("20040103.5", "20040103.5"), ("20041303", "20041303")],
)  # fmt: skip
def test_a_stamp_that_is_no_date(tmp_path, stamp, found):
    text = fluxnet_csv().replace("20040103,", f"{stamp},")
    with pytest.raises(DataError) as caught:
        read(tmp_path, text)
    path = tmp_path / NAME
    expected = f"row 4, column TIMESTAMP: found {found}, expected dates YYYYMMDD"
    assert str(caught.value) == f"{path}: {expected}"


def test_a_row_of_separators(tmp_path):
    text = fluxnet_csv() + "," * (len(COLUMNS) - 1) + "\n"
    with pytest.raises(DataError, match="row 42, column TIMESTAMP: found a missing value"):
        read(tmp_path, text)
