"""Description of a MODIS file: product, date and tile, and whether its layers hold values."""

from pathlib import Path

import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.inventory.record import RawRecord
from fluxprod.readers.files.hdf4 import Hdf4File
from fluxprod.readers.modis import appeears
from fluxprod.readers.modis import composites as modis
from fluxprod.readers.modis.grid import open_grid
from fluxprod.readers.modis.land_cover import read_land_cover
from fluxprod.readers.modis.layers import LAYERS
from fluxprod.readers.modis.tiles import open_tile, tile_of

SAME_LAYERS = {"MOD15A2H": "MCD15A2H"}
ENDINGS = {"hdf", "tif", "tiff"}
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # also BigTIFF, in both byte orders
READ = {"MCD12C1"} | {
    name
    for forms in modis.PRODUCTS.values()
    for form in forms
    if not form.area
    for name in form.names
}


def reason_of_product(name: str) -> str:
    """Say why a MODIS file of this name is not read; empty if it is."""
    ending = name.lower().rpartition(".")[2]
    product = name.split(".")[0]
    if ending not in ENDINGS or product in READ:
        return ""
    if modis.FILE_NAME.match(name):
        return f"a file of {product}, which is not read"
    return "without the name of a MODIS product that is read"


def describe_modis(record: RawRecord, path: Path, *, scan: bool) -> None:
    """Take product, date and tile from the name and see that the file opens; read land cover whole.

    Parameters
    ----------
    record : RawRecord
        Record to complete.
    path : Path
        The file.
    scan : bool
        Whether to read the layers too.

    Raises
    ------
    DataError
        If the file holds no layer, or is no TIFF though its name says so.
    """
    record.left_alone = reason_of_product(path.name) or None
    if record.left_alone:
        return
    match, tile = modis.FILE_NAME.match(path.name), tile_of(path)
    record.kind = "modis"
    record.source = match["product"] if match else path.name.split(".")[0]
    record.site = None if tile is None else f"h{tile[0]:02d}v{tile[1]:02d}"
    if match:
        record.set_period(pd.DatetimeIndex([pd.to_datetime(match["date"], format="%Y%j")]))
    if record.source == "MCD12C1":
        read_land_cover(path)
    elif path.suffix.lower() == ".hdf":
        with (open_grid if tile is None else open_tile)(path) as file:
            if not file.names:
                raise DataError(path, "file", "no layer", "the layers of a MODIS product")
            if scan:
                _read_layers(record, file)
    else:
        _check_tiff(path)


def _check_tiff(path: Path) -> None:
    """Raise a DataError unless a file begins as a TIFF does."""
    with path.open("rb") as file:
        start = file.read(4)
    if start not in TIFF:
        found = f"one that begins with {start!r}" if start else "an empty file"
        raise DataError(path, "file", found, "a TIFF file", "get it again")


def _read_layers(record: RawRecord, file: Hdf4File) -> None:
    product = record.source or ""
    for screened in LAYERS.get(SAME_LAYERS.get(product, product), {}).values():
        layer = screened.layer
        raw, (low, high) = file.select(layer.name).get(), layer.valid
        if not ((raw >= low) & (raw <= high) & (raw != layer.fill)).any():
            record.add_empty(layer.name, [record.first_date or "step 0"], 1)


def describe_area(record: RawRecord, path: Path) -> None:
    """Find the period of an area that AppEEARS extracted from a product."""
    record.kind, record.source = "modis", f"{appeears.product_of(path)} area"
    record.set_period(appeears.read_dates(path))
