import pytest

from fluxprod.verify.files.file_name import parse_file_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("nee_fluxprod-v0.1.0_2deg_daily_2001.nc", ("0.1.0", 2, "daily", range(2001, 2002), "nc")),
        (
            "nee_fluxprod-v1.2.0-rc.1_0.5deg_regional-annual_2001-2017.csv",
            ("1.2.0-rc.1", 0.5, "regional-annual", range(2001, 2018), "csv"),
        ),
        ("nee_fluxprod-v0.1.0_2deg_2001-2008.zarr", ("0.1.0", 2, "", range(2001, 2009), "zarr")),
        ("datacite.json", None),
        ("nee_fluxprod-v0.1.0_2deg_daily_2001.nc.part", None),
        ("nee_fluxprod-v0.1.0_2deg_daily_2008-2001.nc", None),
        ("nee_fluxprod-v0.1.0_0deg_daily_2001.nc", None),
    ],
)
def test_names(name, parts):
    assert parse_file_name(name) == parts
