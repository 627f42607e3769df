from pathlib import Path

import pytest
import yaml

from fluxprod.inventory.comparison import FOLDERS
from fluxprod.inventory.datasets import RAW_LIST
from fluxprod.inventory.datasets_markdown import datasets_markdown, size_text
from fluxprod.readers.modis.composites import PRODUCTS

ROOT = Path(__file__).parents[2]
PAPER = range(2001, 2018)
BY_KEY = {dataset.key: dataset for dataset in RAW_LIST}


def test_the_documentation_shows_the_list():
    """``fluxprod raw list --markdown`` writes the text between the marks."""
    text = (ROOT / "docs" / "real-data.md").read_text()
    shown = text.split("<!-- raw list -->\n")[1].split("<!-- end of raw list -->")[0]
    assert shown == datasets_markdown(RAW_LIST, PAPER)


def test_folders_are_those_that_the_pipeline_verifies():
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    assert set(FOLDERS) == set(stages["verify_raw"]["foreach"])


def test_every_modis_product_is_on_the_list():
    assert set(PRODUCTS) | {"MCD12C1"} == {d.key for d in RAW_LIST if d.folder == "modis"}


@pytest.mark.parametrize("dataset", RAW_LIST, ids=lambda dataset: dataset.key)
def test_nothing_is_left_open(dataset):
    facts = ("title", "provider", "identifier", "variables", "period", "resolution", "files")
    for name in (*facts, "licence", "citation"):
        assert getattr(dataset, name).strip(), name
    assert dataset.bytes_per_file > 0


def test_sizes_by_hand():
    # 3 variables x 721 x 1440 cells x 4 byte x 17 years of 365.25 days
    assert BY_KEY["era5"].size(PAPER) == pytest.approx(77.36, abs=0.01)
    # 15 years from 2003 on x 1800 x 3600 x 4 byte x 365.25 days
    assert BY_KEY["gfas"].size(PAPER) == pytest.approx(142.0, abs=0.05)
    # 17 x 46 composites x 290 tiles x 2400 x 2400 pixels x 6 layers of one byte
    assert BY_KEY["MCD15A2H"].size(PAPER) == pytest.approx(7837.5, abs=0.1)
    assert [size_text(size) for size in (7837.5, 77.4, 0.28, 0.0026)] == [
        "7.8 TB", "77 GB", "280 MB", "2.6 MB",
    ]  # fmt: skip
