"""Whether a folder is the product that the commit's dvc.lock names, asked of dvc itself."""

import subprocess
import sys

import pytest

from fluxprod.core.errors import DataError
from fluxprod.release.pipeline import check_current

PIPELINE = """
stages:
  product:
    cmd: mkdir -p data/product && echo a > data/product/a.nc
    outs: [data/product]
"""


@pytest.fixture
def product(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dvc.yaml").write_text(PIPELINE)
    (tmp_path / "data").mkdir()
    subprocess.run(["git", "init", "--quiet"], check=True)
    for words in (["init"], ["repro"]):
        subprocess.run([sys.executable, "-m", "dvc", *words, "--quiet"], check=True)
    return tmp_path / "data" / "product"


def test_the_product_of_the_lock_passes_and_another_does_not(product):
    check_current(product)
    (product / "a.nc").write_text("b\n")
    with pytest.raises(DataError, match=r"dvc status: found .*modified.*, expected the product of"):
        check_current(product)


def test_a_folder_that_no_stage_makes_is_refused(product):
    other = product.parent / "other"
    other.mkdir()
    with pytest.raises(DataError, match="dvc status: found .*other"):
        check_current(other)
