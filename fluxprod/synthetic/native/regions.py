"""The mask of the 18 regions in the layout of ``GCP_18regions_mask_0.5deg_corr.nc``."""

from pathlib import Path

import numpy as np

from fluxprod.core.grid import Grid
from fluxprod.core.regions import REGIONS
from fluxprod.synthetic.native.netcdf import add_axis, add_field, new_netcdf

SHAPE = (len(REGIONS), 360, 720)


def write_region_mask(path: Path, mask: np.ndarray) -> None:
    """Write the variable ``MASK``, which is 1 inside the region and 0 outside.

    Parameters
    ----------
    path : Path
        File to write.
    mask : ndarray of bool or int, shape (18, 360, 720)
        Mask on half-degree cells, south to north, -180 to 180.

    Raises
    ------
    ValueError
        If the mask has another shape.
    """
    if mask.shape != SHAPE:
        raise ValueError(f"mask of shape {mask.shape}, expected {SHAPE}")
    grid = Grid(0.5)
    with new_netcdf(path, title="18 land regions") as dataset:
        dataset.createDimension("region", len(REGIONS))
        add_axis(dataset, "lat", grid.lat, units="degrees_north")
        add_axis(dataset, "lon", grid.lon, units="degrees_east")
        names = " ".join(region.name.replace(" ", "_") for region in REGIONS)
        out = add_field(
            dataset,
            "MASK",
            np.float32,
            ("region", "lat", "lon"),
            long_name="region mask, 1 inside",
            regions=names,
        )
        for number, field in enumerate(mask):
            out[number] = field.astype(np.float32)
