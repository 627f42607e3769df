"""The product files of the fake run."""

from pathlib import Path

from fluxprod.params import block, read_params
from fluxprod.product.settings import ProductSettings
from fluxprod.stages import product
from tests import fake_run
from tests.conftest import ROOT

PARAMS = block(read_params(), ProductSettings)


def make(run: fake_run.FakeRun, folder: Path) -> Path:
    product.main(
        ec=run.folder / "ec.zarr",
        ec_atm=run.folder / "ec_atm.zarr",
        geography=run.folder / "geography.nc",
        inversions=run.folder / "inversions.nc",
        citation=ROOT / "CITATION.cff",
        provenance=run.folder / "provenance.json",
        findings=run.folder / "plausibility.csv",
        product=folder,
        source="synthetic",
        world=fake_run.WORLD,
        params=PARAMS,
    )
    return folder
