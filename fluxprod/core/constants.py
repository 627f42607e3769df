"""Names that several rooms share: files, worlds, devices, and the methods of the bridge."""

from pathlib import Path
from typing import Literal, get_args

PARAMS_FILE = Path("params.yaml")
PIPELINE_FILE = Path("dvc.yaml")
WORLDS = ("synthetic", "observed")  # where raw files come from

CITATION_FILE = "CITATION.cff"
MANIFEST_FILE = "manifest.json"  # of a folder of product files
PROVENANCE_FILE = "provenance.json"  # what a product was made from
TRUTH_FILE = "truth.nc"  # in the folder of a synthetic Earth's truth, which the real Earth lacks

Device = Literal["auto", "cpu", "cuda"]  # auto takes CUDA where there is a device

SparseMethod = Literal["lasso", "anchored"]  # methods that choose among candidate cells
EveryCellMethod = Literal["sampled", "exact"]  # methods that use every land cell of a region
BridgeMethod = Literal[SparseMethod, EveryCellMethod]
SPARSE_METHODS: tuple[str, ...] = get_args(SparseMethod)
EVERY_CELL_METHODS: tuple[str, ...] = get_args(EveryCellMethod)
