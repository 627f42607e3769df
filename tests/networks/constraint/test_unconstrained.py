from pathlib import Path

import xarray as xr

from fluxprod.networks.constraint.unconstrained import empty_bridge, empty_inversions

FOLDER = Path(__file__).parents[3] / "data/reference/unconstrained"


def test_the_committed_files_are_what_the_module_makes():
    for made, name in ((empty_bridge(), "bridge.nc"), (empty_inversions(), "inversions.nc")):
        with xr.open_dataset(FOLDER / name) as committed:
            xr.testing.assert_identical(committed, made)
            assert set(committed.sizes.values()) == {0}
