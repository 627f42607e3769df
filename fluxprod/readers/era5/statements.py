"""What the names and attributes of a file state about the statistic in each time step.

The Climate Data Store names the files of its daily statistics ``<variable>_..._daily-mean.nc`` and
records ``daily_reduce(..., how=mean, ...)`` in their history (ECMWF Confluence, page 462888259);
their ``GRIB_stepType`` is that of the hourly values. Other tools use the CF attribute
``cell_methods``, and CDO names its operator in the history.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import xarray as xr

from fluxprod.readers.files.netcdf_source import NetcdfSource

STATISTICS = {
    "mean": "mean",
    "average": "mean",
    "avg": "mean",
    "sum": "sum",
    "total": "sum",
    "maximum": "maximum",
    "max": "maximum",
    "minimum": "minimum",
    "min": "minimum",
}
_WORD = f"({'|'.join(STATISTICS)})"
DAILY = re.compile(
    rf"(?<![a-z])(?:daily|day)[-_ ]?{_WORD}(?![a-z])|(?<![a-z]){_WORD}[-_ ]daily(?![a-z])", re.I
)
EXTREME = re.compile(r"\b(maximum|minimum|max|min)\b", re.I)
CELL_METHOD = re.compile(r"time: *([a-z_]+)")
STEP_TYPE = re.compile(r"(?<![A-Za-z])stepType-([A-Za-z]+)")
STREAM = re.compile(r"stream\W+(moda|mnth|edmo|edmm)\b")
REDUCED = re.compile(r"(daily|monthly)_reduce\([^\n]*?\bhow='?(\w+)")
CDO = re.compile(rf"\b(day|mon){_WORD}\b")
SHIFT = re.compile(r"daily_reduce\([^\n]*?'hours': *(-?\d+)")
MONTHLY = re.compile(r"(?<![a-z])(?:monthly|moda|monmean)(?![a-z])", re.I)
LAND = re.compile(r"era5[-_ ]?land", re.I)
PERIODS = {"daily": "day", "day": "day", "monthly": "month", "mon": "month"}
ATTRIBUTES = ("daily_statistic", "statistic", "aggregation")
MONTHLY_MEAN = re.compile(r"avg[a-z]+")  # stepType avgua, avgad ... of the stream moda


class Statement(NamedTuple):
    """A statistic, the period that it covers (``day``, ``month`` or empty), and where it stands."""

    statistic: str
    period: str
    place: str


def statements(source: NetcdfSource, dataset: xr.Dataset, name: str) -> list[Statement]:
    """List what a file states about the steps of a variable; often nothing.

    Parameters
    ----------
    source : NetcdfSource
        File, or member of an archive; the name of either may contain the statistic.
    dataset : Dataset
        The open file.
    name : str
        Name of the variable in the file.

    Returns
    -------
    list of Statement
        From file names, ``cell_methods``, ``long_name``, the step type of GRIB, and the history.
    """
    attributes = {**dataset.attrs, **dataset[name].attrs}
    texts = {str(key): str(value) for key, value in attributes.items()}
    single = dataset["time"].size == 1
    return [
        *_in_names(source, single),
        *_in_attributes(texts),
        *_in_history(texts.get("history", "")),
    ]


def shift_from_utc(dataset: xr.Dataset) -> int:
    """Hours by which the Climate Data Store shifted days; -1 for accumulations in UTC [h]."""
    found = SHIFT.findall(str(dataset.attrs.get("history", "")))
    return int(found[-1]) if found else 0


def names_era5_land(source: NetcdfSource, dataset: xr.Dataset) -> bool:
    """Whether a file is called ERA5-Land by its name or its attributes."""
    attributes = [str(dataset.attrs.get(key, "")) for key in ("title", "source", "history")]
    return any(map(LAND.search, [source.path.name, source.label.name, *attributes]))


def _in_names(source: NetcdfSource, single: bool) -> Iterator[Statement]:
    """Statistics in the names; a file of hours may also be called monthly, of one value not."""
    names = dict.fromkeys([source.label.name, source.path.name])
    stated = next((list(_daily(text, "file name")) for text in names if DAILY.search(text)), [])
    yield from stated
    if single and not stated and any(map(MONTHLY.search, names)):
        yield Statement("mean", "month", "file name")
    for text in names:
        if match := STEP_TYPE.search(text):
            yield from _step_type(match[1], "file name")


def _in_attributes(texts: Mapping[str, str]) -> Iterator[Statement]:
    methods = texts.get("cell_methods", "")
    period = "day" if "within days" in methods else ""
    for method in CELL_METHOD.findall(methods):
        yield Statement(STATISTICS.get(method, method), period, "cell_methods")
    yield from _step_type(texts.get("GRIB_stepType", ""), "GRIB_stepType")
    if STREAM.search(f"stream {texts.get('GRIB_stream', '')}"):
        yield Statement("mean", "month", "GRIB_stream")
    for key in ("long_name", "GRIB_name"):
        yield from _daily(texts.get(key, ""), key)
        for word in EXTREME.findall(texts.get(key, "")):
            yield Statement(STATISTICS[word.lower()], "", key)
    for key in ATTRIBUTES:
        yield from _daily(texts.get(key, ""), key)


def _in_history(history: str) -> Iterator[Statement]:
    """Statistics in the history, unless several were made, as in files merged from others."""
    found = {*REDUCED.findall(history), *CDO.findall(history)}
    made = {(PERIODS[period], STATISTICS.get(how, how)) for period, how in found}
    if len(made) == 1:
        period, statistic = made.pop()
        yield Statement(statistic, period, "history")
    elif not made and STREAM.search(history):
        yield Statement("mean", "month", "history")


def _daily(text: str, place: str) -> Iterator[Statement]:
    for before, after in DAILY.findall(text):
        yield Statement(STATISTICS[(before or after).lower()], "day", place)


def _step_type(kind: str, place: str) -> Iterator[Statement]:
    """Statistic of a GRIB step type; that of daily statistics is the one of the hourly values."""
    if MONTHLY_MEAN.fullmatch(kind):
        yield Statement("mean", "month", place)
    elif kind not in ("", "instant", "accum", "avg"):
        yield Statement(STATISTICS.get(kind, kind), "", place)
