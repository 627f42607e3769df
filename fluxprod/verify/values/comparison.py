"""Comparison of fluxes and metadata between files, for fluxes block by block."""

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.verify.values.blocks import Block, values_of
from fluxprod.verify.values.metadata import error_bound
from fluxprod.verify.values.structure import MODELS

# attributes that differ between a file of one year and the group of all years
OF_ITS_YEAR = {
    "title", "id", "time_coverage_start", "time_coverage_end", "time_coverage_duration",
}  # fmt: skip


class MembersAgree:
    """Compare mean and sample standard deviation over members with a flux and its spread.

    They may differ by as much as rounding explains: the mean by the sum of the stated bounds, the
    standard deviation of n members with an error h each by h sqrt(n / (n - 1)) (triangle
    inequality) plus the bound of the spread.

    Parameters
    ----------
    members : DataArray, dims (time, realization, lat, lon)
        Flux of each member [g m-2 d-1].
    mean, spread : DataArray, dims (time, lat, lon)
        Flux and spread in the monthly file [g m-2 d-1].
    """

    def __init__(self, members: xr.DataArray, mean: xr.DataArray, spread: xr.DataArray) -> None:
        n, each = members.sizes["realization"], error_bound(members) or 0.0
        self.free = max(n - 1, 1)
        self.others = {"mean": mean, "standard deviation": spread}
        self.most = {
            "mean": each + (error_bound(mean) or 0.0),
            "standard deviation": each * np.sqrt(n / self.free) + (error_bound(spread) or 0.0),
        }
        if n == 1:  # a single member has no spread
            del self.others["standard deviation"], self.most["standard deviation"]
        self.off = dict.fromkeys(self.others, 0.0)
        self.unreadable: list[str] = []

    def add(self, block: Block, values: np.ndarray) -> None:
        """Update the largest differences."""
        if self.unreadable:
            return
        members = values.astype(float)
        mean = members.mean(axis=1)
        found = {"mean": mean, "standard deviation": _deviation(members, mean, self.free)}
        try:
            for what, other in self.others.items():
                off = np.abs(found[what] - values_of(other, block))
                self.off[what] = max(self.off[what], float(np.fmax.reduce(off, axis=None)))
        except DataError as error:
            self.unreadable.append(f"monthly file: {error}")

    def faults(self) -> list[str]:
        """Quantities that differ by more than rounding explains."""
        off = [
            f"{what} of the members differs from {self.others[what].name} of the monthly file by "
            f"up to {self.off[what]:.3g} g m-2 d-1, but rounding explains only {most:.3g}"
            for what, most in self.most.items()
            if not self.off[what] <= most
        ]
        return self.unreadable + off


def _deviation(members: np.ndarray, mean: np.ndarray, free: int) -> np.ndarray:
    """Standard deviation over the second axis, one member at a time to save memory."""
    squares = np.zeros_like(mean)
    for i in range(members.shape[1]):
        squares += (members[:, i] - mean) ** 2
    return np.sqrt(squares / free)


class CopyAgrees:
    """Check that every value of a flux equals its copy in the store.

    Parameters
    ----------
    copy : DataArray
        The copy, with the same dimensions and time steps.
    whole : bool
        Whether to compare all blocks, or only the first.
    """

    def __init__(self, copy: xr.DataArray, *, whole: bool) -> None:
        self.copy, self.whole = copy, whole
        self.differing = 0
        self.done = False
        self.unreadable: list[str] = []

    def add(self, block: Block, values: np.ndarray) -> None:
        """Count the values of a block that differ."""
        if self.done or self.unreadable:
            return
        try:
            other = values_of(self.copy, block)
        except DataError as error:
            self.unreadable.append(str(error))
            return
        same = (values == other) | (np.isnan(values) & np.isnan(other))
        self.differing += int((~same).sum())
        self.done = not self.whole

    def faults(self) -> list[str]:
        """The number of values that differ, if there are any."""
        return self.unreadable + (
            [f"{self.differing} values differ from the NetCDF file"] if self.differing else []
        )


def number_differences(dataset: xr.Dataset, monthly: xr.Dataset) -> list[str]:
    """Numbers of members, stated or counted, that differ from those in the monthly file."""
    faults = []
    for name in MODELS:
        stated, expected = dataset.get(f"{name}_members"), float(monthly[f"{name}_members"])
        found = dataset.sizes["realization"] if stated is None else float(stated)
        if found != expected:
            faults.append(f"{name}: {found:g} members, {expected:g} in the monthly file")
    return faults


def copy_faults(
    dataset: xr.Dataset, copy: xr.Dataset, fluxes: tuple[str, ...], *, of_one_year: bool = False
) -> list[str]:
    """Compare a group of the store with a file in everything but the values of fluxes.

    Parameters
    ----------
    dataset : Dataset
        Contents of the file.
    copy : Dataset
        The group, restricted to the same time steps.
    fluxes : tuple of str
        Variables of which only attributes and sizes are compared.
    of_one_year : bool
        Whether the file covers one year while the group covers all.

    Returns
    -------
    list of str
        Differences.
    """
    faults = [
        f"{key}: {copy.attrs.get(key)!r:.60}, in the NetCDF file {value!r:.60}"
        for key, value in dataset.attrs.items()
        if not (of_one_year and key in OF_ITS_YEAR) and not _same(copy.attrs.get(key), value)
    ]
    for name in map(str, dataset.variables):
        if name not in copy.variables:
            if dataset[name].dtype.kind not in "SUO":  # zarr 3 has no strings: flags name regions
                faults.append(f"no variable {name}")
            continue
        if _texts(dataset[name]) != _texts(copy[name]):
            faults.append(f"{name}: attributes differ from the NetCDF file")
        if dataset[name].sizes != copy[name].sizes:
            faults.append(f"{name}: sizes differ from the NetCDF file")
        elif name not in fluxes and not dataset[name].variable.equals(copy[name].variable):
            faults.append(f"{name}: values differ from the NetCDF file")
    return faults


def _same(found: object, expected: object) -> bool:
    return bool(np.all(found == expected))


def _texts(variable: xr.DataArray) -> dict[str, str]:
    return {key: value for key, value in variable.attrs.items() if isinstance(value, str)}
