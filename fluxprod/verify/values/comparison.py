"""A flux beside what another file holds of it, block by block."""

import numpy as np
import xarray as xr

from fluxprod.core.errors import DataError
from fluxprod.verify.values.blocks import Block, values_of
from fluxprod.verify.values.labels import error_bound
from fluxprod.verify.values.structure import MODELS

# attributes of a file of one year that the group of all years has otherwise
OF_ITS_YEAR = {
    "title", "id", "time_coverage_start", "time_coverage_end", "time_coverage_duration",
}  # fmt: skip


class MembersAgree:
    """Mean and sample standard deviation over members, beside a flux and its spread.

    They may differ by what rounding can do: a mean by the sum of the stated bounds, a standard
    deviation of n members, each off by h, by h sqrt(n / (n - 1)) (triangle inequality).

    Parameters
    ----------
    members : DataArray, dims (time, realization, lat, lon)
    mean, spread : DataArray, dims (time, lat, lon)
        Of the monthly file.
    """

    def __init__(self, members: xr.DataArray, mean: xr.DataArray, spread: xr.DataArray) -> None:
        n, each = members.sizes["realization"], error_bound(members) or 0.0
        self.free = max(n - 1, 1)
        self.others = {"mean": mean, "standard deviation": spread}
        self.most = {
            "mean": each + (error_bound(mean) or 0.0),
            "standard deviation": each * np.sqrt(n / self.free) + (error_bound(spread) or 0.0),
        }
        if n == 1:  # which has no spread
            del self.others["standard deviation"], self.most["standard deviation"]
        self.off = dict.fromkeys(self.others, 0.0)
        self.unreadable: list[str] = []

    def add(self, block: Block, values: np.ndarray) -> None:
        """Keep the largest differences."""
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
        """Say what is off by more than rounding explains."""
        off = [
            f"{what} of the members is off {self.others[what].name} of the monthly file by up to "
            f"{self.off[what]:.3g} g m-2 d-1, rounding allows {most:.3g}"
            for what, most in self.most.items()
            if not self.off[what] <= most
        ]
        return self.unreadable + off


def _deviation(members: np.ndarray, mean: np.ndarray, free: int) -> np.ndarray:
    """Standard deviation over the second axis, one member after another to spare memory."""
    squares = np.zeros_like(mean)
    for i in range(members.shape[1]):
        squares += (members[:, i] - mean) ** 2
    return np.sqrt(squares / free)


class Copied:
    """A flux beside its copy in a store: every value is the same.

    Parameters
    ----------
    copy : DataArray
        On the same dimensions, with the same time steps.
    whole : bool
        Else the first block alone is compared.
    """

    def __init__(self, copy: xr.DataArray, *, whole: bool) -> None:
        self.copy, self.whole = copy, whole
        self.differing = 0
        self.done = False
        self.unreadable: list[str] = []

    def add(self, block: Block, values: np.ndarray) -> None:
        """Count the values that differ."""
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
        """Say how many values differ."""
        return self.unreadable + (
            [f"{self.differing} values differ from the NetCDF file"] if self.differing else []
        )


def number_differences(dataset: xr.Dataset, monthly: xr.Dataset) -> list[str]:
    """Numbers of members, said or counted, that are not those in the monthly file."""
    faults = []
    for name in MODELS:
        said, expected = dataset.get(f"{name}_members"), float(monthly[f"{name}_members"])
        found = dataset.sizes["realization"] if said is None else float(said)
        if found != expected:
            faults.append(f"{name}: {found:g} members, {expected:g} in the monthly file")
    return faults


def copy_faults(
    dataset: xr.Dataset, copy: xr.Dataset, fluxes: tuple[str, ...], *, of_one_year: bool = False
) -> list[str]:
    """Differences of a group of a store from a file in all but the values of fluxes.

    Parameters
    ----------
    dataset : Dataset
        The file.
    copy : Dataset
        The group, of the same time steps.
    fluxes : tuple of str
        Their attributes alone are compared.
    of_one_year : bool
        Whether the file is of one year, the group of all.
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
