"""Every example in docs/using-the-product.md runs and agrees with the tables."""

import re
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pandas as pd
import pytest

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.core.time_axis import month_days
from tests.fake_product import PARAMS
from tests.fake_run import WORLD
from tests.product.programs import need, shell

PAGE = (Path(__file__).parents[2] / "docs" / "using-the-product.md").read_text()
PREFIX = f"nee_fluxprod-v{PARAMS.version}_6deg"
PERIOD = f"{WORLD.first_year}-{WORLD.last_year}"
# the page uses the file names of the default run
NAMES = {"_2deg_": "_6deg_", "2001-2008": PERIOD}
CELL = {"lat": -9.0, "lon": -51.0}
WINTER = slice(365 - 31, 365 + 31 + 28)  # December 2001 to February 2002, counted from 2001-01-01
NOT_RUN = {("r", ""), ("sh", "needs-repository"), ("python", "needs-repository")}
PROGRAMS = {"CDO": ("cdo",), "NCO": ("ncks", "ncap2", "ncwa", "ncrcat")}


def blocks() -> list[tuple[str, str, str, str]]:
    """Section, language, remark and text of each fenced block of the page."""
    found, section = [], ""
    for match in re.finditer(r"^## ([^\n]+)$|^```(\w+) ?(\S*)\n(.*?)^```$", PAGE, re.M | re.S):
        if match[1]:
            section = match[1]
        else:
            found.append((section, match[2], match[3], match[4]))
    return found


def examples() -> dict[tuple[str, int], str]:
    """Blocks to run, by section and position in it, with the file names of the fake run."""
    chosen: dict[tuple[str, int], str] = {}
    for section, language, remark, text in blocks():
        if (language, remark) in NOT_RUN:
            continue
        for name, own in NAMES.items():
            text = text.replace(name, own)
        chosen[section, sum(key[0] == section for key in chosen)] = text
    return chosen


def numbers(printed: str) -> np.ndarray:
    """Numbers at the ends of lines."""
    last = [line.split()[-1] for line in printed.splitlines() if line.strip()]
    return np.array([float(word) for word in last if re.fullmatch(r"-?[\d.]+(e-?\d+)?", word)])


class Tables:
    """Values in the product, read without any of the programs in the examples."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def total(self, region: str, frequency: str = "month", column: str = "nee") -> pd.Series:
        """Monthly or annual totals of EC-ATM in a region [PgC]."""
        kind = {"month": "monthly", "year": "annual"}[frequency]
        table = pd.read_csv(self.folder / f"{PREFIX}_regional-{kind}_{PERIOD}.csv")
        rows = table[(table.region == region) & (table.model == "EC-ATM")]
        return rows.set_index(frequency)[f"{column}_PgC_per_{frequency}"]

    def cell(self, content: str, name: str = "nee") -> np.ndarray:
        """Series of the cell from a file [g m-2 d-1]."""
        with netCDF4.Dataset(self.folder / f"{PREFIX}_{content}.nc") as file:
            row, column = (int(np.flatnonzero(file[axis][:] == CELL[axis])[0]) for axis in CELL)
            return np.asarray(file[name][:, row, column], float)

    def days(self, name: str = "nee") -> list[np.ndarray]:
        """Daily series of the cell, one array per year [g m-2 d-1]."""
        return [self.cell(f"daily_{year}", name) for year in WORLD.years]

    def annual_means(self) -> np.ndarray:
        """Annual means of the cell, with months weighted by their days [g m-2 d-1]."""
        nee = self.cell(f"monthly_{PERIOD}").reshape(-1, 12)
        start = f"{WORLD.first_year}-01"
        days = month_days(pd.date_range(start, periods=nee.size, freq="MS")).reshape(-1, 12)
        return (nee * days).sum(axis=1) / days.sum(axis=1)

    def means(self) -> list[float]:
        """Mean annual total of EC-ATM of every region, in the order of the tables [PgC yr-1]."""
        rows = (*ABBREVIATIONS, "unassigned", "GLOBAL")
        return [self.total(region, "year").mean() for region in rows]


# expected numbers of each example, from the tables or by netCDF4 alone, and their tolerance
EXPECTED = {
    ("xarray", 0): (lambda of: of.total("GLOBAL", "year"), 1e-5),
    ("xarray", 1): (lambda of: [series.sum() for series in of.days()], 1e-3),
    ("xarray", 2): (
        lambda of: [*of.total("BRA", "year"), *of.total("BRA", "year", "spread")],
        1e-5,
    ),
    ("xarray", 3): (lambda of: [of.days("nee_ec")[0].sum()], 1e-3),
    ("xarray", 4): (lambda of: of.means(), 1e-5),
    ("CDO", 0): (lambda of: of.total("GLOBAL"), 1e-5),
    ("CDO", 1): (lambda of: of.total("BRA", "year"), 1e-5),
    ("CDO", 2): (lambda of: of.total("GLOBAL")[:12], 1e-5),
    ("CDO", 3): (lambda of: of.annual_means(), 1e-5),
    ("CDO", 4): (lambda of: of.total("GLOBAL"), 5e-3),
    ("NCO", 0): (lambda of: of.cell(f"monthly_{PERIOD}")[:3], 1e-4),
    ("NCO", 1): (lambda of: of.total("GLOBAL"), 1e-5),
    ("NCO", 2): (lambda of: of.total("GLOBAL"), 1e-5),
    ("NCO", 3): (lambda of: [np.concatenate(of.days())[WINTER].sum()], 1e-3),
}


def of_sections(*sections: str) -> list:
    """The examples of some sections, for pytest."""
    return [pytest.param(key, id=f"{key[0]}-{key[1]}") for key in EXPECTED if key[0] in sections]


@pytest.fixture
def place(folder, tmp_path) -> Path:
    """A folder that contains the product and in which examples may leave files."""
    for path in folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    return tmp_path


def test_every_example_is_checked():
    assert list(examples()) == list(EXPECTED)


def test_only_examples_that_cannot_run_here_are_skipped():
    languages = {(language, remark) for _, language, remark, _ in blocks()}
    assert languages == NOT_RUN | {("python", ""), ("sh", "")}


@pytest.mark.parametrize("example", of_sections("xarray"))
def test_python_examples(place, example):
    (place / "example.py").write_text(examples()[example])
    printed = shell(f"{sys.executable} example.py", place)
    expected, tolerance = EXPECTED[example]
    np.testing.assert_allclose(
        numbers(printed), list(expected(Tables(place))), rtol=0, atol=tolerance
    )


@pytest.mark.parametrize("example", of_sections(*PROGRAMS))
def test_shell_examples(place, example):
    need(*PROGRAMS[example[0]])
    printed = shell(examples()[example], place)
    expected, tolerance = EXPECTED[example]
    np.testing.assert_allclose(
        numbers(printed), list(expected(Tables(place))), rtol=0, atol=tolerance
    )


def test_names_of_files_and_regions_are_those_of_the_product(folder):
    named = set(re.findall(r"nee_fluxprod-\S+?\.(?:nc|csv|zarr)", PAGE)) - {
        name for name in re.findall(r"nee_fluxprod-\S+?\.nc", PAGE) if "*" in name or "$" in name
    }
    for name in named:
        for default, own in NAMES.items():
            name = name.replace(default, own)
        assert (folder / name).exists(), name
    assert ", ".join(ABBREVIATIONS) in PAGE.replace("\n", " ").replace("  ", " ")
