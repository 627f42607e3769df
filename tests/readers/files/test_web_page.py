"""Login pages and messages of servers, saved as data of every format."""

import codecs
import gzip
import zipfile
from pathlib import Path

import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.budget import read_budget
from fluxprod.readers.files.archive import members
from fluxprod.readers.files.grib import opened_grib
from fluxprod.readers.files.netcdf import opened_netcdf
from fluxprod.readers.files.web_page import web_page_fault, web_page_in
from fluxprod.readers.modis.grid import open_grid
from fluxprod.readers.modis.land_cover import read_land_cover
from fluxprod.readers.regions.countries import read_countries

CASE = Path(__file__).parents[2] / "cases" / "web_page_saved_as_data"
LOGIN = b"<!DOCTYPE html><html><head><title>Login</title></head></html>"


def grib(path):
    with opened_grib(path, "FIRE"):
        pass


def hdf(path):
    with open_grid(path):
        pass


READERS = {
    "Global_Carbon_Budget_2022v1.0.xlsx": read_budget,
    "MCD12C1.A2005001.061.2020001000000.tif": read_land_cover,
    "MOD13C1.A2005001.061.2020001000000.hdf": hdf,
    "ne_50m_admin_0_countries.zip": read_countries,
    "x_co2fire.grib": grib,
}


@pytest.mark.parametrize("name", READERS)
def test_readers_say_what_it_is_and_what_to_do(name):
    with pytest.raises(DataError) as caught:
        READERS[name](CASE / name)
    assert str(caught.value).startswith(f"{CASE / name}: file: found a web page (HTML), expected ")
    assert str(caught.value).endswith("; log in and get it again")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (LOGIN, "a web page (HTML)"),
        (b"\n\r\n  <html lang=en>", "a web page (HTML)"),
        (b"<HTML><BODY>", "a web page (HTML)"),
        (b"<center>503 Service Unavailable</center>", "a web page (HTML)"),
        (b"<br>busy", "a web page (HTML)"),
        (b"<span>Sign in</span>", "a web page (HTML)"),
        (b'<a href="/login">Found</a>', "a web page (HTML)"),
        (b"<!-- Earthdata --><html>", "a web page (HTML)"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML">', "a web page (HTML)"),
        (codecs.BOM_UTF8 + LOGIN, "a web page (HTML)"),
        (codecs.BOM_UTF16_LE + LOGIN.decode().encode("utf-16-le"), "a web page (HTML)"),
        (codecs.BOM_UTF16_BE + LOGIN.decode().encode("utf-16-be"), "a web page (HTML)"),
        (gzip.compress(LOGIN * 1000, mtime=0), "a web page (HTML)"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "an XML document"),
        (b'{"error": "invalid_token"}', "a JSON document"),
        (b'[{"message": "not found"}]', "a JSON document"),
        (gzip.compress(b"TIMESTAMP,NEE\n20010101,1\n", mtime=0), ""),
        (b"\x1f\x8b not gzip", ""),
        (b"< 0.1,2\n", ""),
        (b"{1, 2}", ""),
        (b"TIMESTAMP,NEE\n", ""),
        (b"\x89HDF\r\n\x1a\n", ""),
        (b"\x0e\x03\x13\x01", ""),
        (b"", ""),
    ],
)
def test_kinds_of_text(content, found):
    assert web_page_in(content) == found


def test_data_are_no_web_page(tmp_path):
    path = tmp_path / "a.nc"
    path.write_bytes(b"CDF\x01" + LOGIN)
    assert web_page_fault(path, "data") is None
    assert web_page_fault(tmp_path / "absent.nc", "data") is None


def test_netcdf_and_archives(tmp_path):
    path = tmp_path / "a.nc"
    path.write_bytes(gzip.compress(LOGIN))
    with pytest.raises(DataError, match=r"a web page \(HTML\), .*; log in"), opened_netcdf(path):
        pass
    with pytest.raises(DataError, match=r"a web page \(HTML\), .*; log in"):
        members(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.nc", LOGIN)
    assert [member.name for member in members(path)] == ["a.nc"]
