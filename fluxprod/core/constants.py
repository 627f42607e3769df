"""Names that several parts of the package share: files, and the methods of the bridge."""

from pathlib import Path
from typing import Literal, get_args

PARAMS_FILE = Path("params.yaml")
PIPELINE_FILE = Path("dvc.yaml")
CITATION_FILE = "CITATION.cff"
MANIFEST_FILE = "manifest.json"  # of a folder of product files
PROVENANCE_FILE = "provenance.json"  # what a product was made from
TRUTH_FILE = "truth.nc"  # in the folder of a synthetic Earth's truth, which the real Earth lacks

SparseMethod = Literal["lasso", "anchored"]  # methods that choose among candidate cells
EveryCellMethod = Literal["sampled", "exact"]  # methods that use every land cell of a region
BridgeMethod = Literal[SparseMethod, EveryCellMethod]
SPARSE_METHODS: tuple[str, ...] = get_args(SparseMethod)
EVERY_CELL_METHODS: tuple[str, ...] = get_args(EveryCellMethod)
