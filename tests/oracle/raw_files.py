"""What raw files say about one cell or tower, read by netCDF4, pyhdf and the csv module alone.

Nothing of fluxprod is used. Numbers are rounded as the stores between the stages round them.
"""

import csv
import datetime
import functools
import math
from pathlib import Path

import netCDF4
import numpy as np
from pyhdf.SD import SD

SIZE = 12.0  # degree, of the target cells
TYPES = {
    1: "ENF", 2: "EBF", 3: "DNF", 4: "DBF", 5: "MF", 6: "CSH", 7: "OSH", 8: "WSA", 9: "SAV",
    10: "GRA", 11: "WET", 12: "CRO", 13: "URB", 14: "CVM", 16: "BSV",
}  # fmt: skip
# rounding steps of climate.zarr, towers.nc and vegetation.zarr
STEPS = {
    "ta": 0.01, "sw_in": 0.02, "p": 0.02, "vpd": 0.01, "NDVI": 1e-4, "EVI": 1e-4, "FPAR": 1e-3,
    "LST_DAY": 0.02, "LST_NIGHT": 0.02, "NDWI": 1e-4, "BAND4": 1e-4,
}  # fmt: skip


def at_steps(name, values):
    return [
        round(value / STEPS[name]) * STEPS[name] if value == value else value for value in values
    ]


def strip(south, north):
    """Area of a strip of latitudes, relative to the globe, for equal widths of longitude [1]."""
    return math.sin(math.radians(north)) - math.sin(math.radians(south))


# --- ERA5 -------------------------------------------------------------------------------------


def saturation(kelvin):
    """Vapour pressure over water [hPa]: ECMWF, IFS Documentation CY41R2, Part IV, Eq. 7.5."""
    return 6.1121 * math.exp(17.502 * (kelvin - 273.16) / (kelvin - 32.19))


def era5_points(folder: Path, name, row, column):
    """All days of a variable at one point of the grid."""
    series = []
    for path in sorted(folder.glob("*.nc")):
        with netCDF4.Dataset(path) as file:
            if name in file.variables:
                series += [float(value) for value in file[name][:, row, column]]
    return series


def weather_of_cell(folder: Path, lat, lon):
    """Daily weather of the cell with this centre, a mean over the points of ERA5 in it."""
    with netCDF4.Dataset(next(folder.glob("*.nc"))) as file:
        lats, lons = file["latitude"][:].tolist(), file["longitude"][:].tolist()
    half, total, area = abs(lats[1] - lats[0]) / 2, {}, 0.0
    for row, north in enumerate(lats):
        for column, east in enumerate(lons):
            if abs(north - lat) > SIZE / 2 or abs(east - lon) > SIZE / 2:
                continue
            share = strip(north - half, north + half)
            warm, moist, light, rain = (
                era5_points(folder, name, row, column) for name in ("t2m", "d2m", "ssrd", "tp")
            )
            point = {
                "ta": [kelvin - 273.15 for kelvin in warm],
                "sw_in": [joules / 86400.0 for joules in light],
                "p": [metres * 1000.0 for metres in rain],
                "vpd": [
                    max(0.0, saturation(air) - saturation(dew))
                    for air, dew in zip(warm, moist, strict=True)
                ],
            }
            area += share
            for name, values in point.items():
                so_far = total.setdefault(name, [0.0] * len(values))
                total[name] = [a + share * b for a, b in zip(so_far, values, strict=True)]
    assert area > 0
    weather = {name: at_steps(name, [a / area for a in sums]) for name, sums in total.items()}
    first = datetime.date(2003, 1, 1)
    days = [first + datetime.timedelta(n) for n in range(len(weather["ta"]))]
    return weather | {"lat": lat, "days": days}


# --- FLUXNET ----------------------------------------------------------------------------------


def site_facts(folder: Path, site):
    """Latitude, longitude and IGBP class of a tower."""
    (path,) = folder.glob("*_BIF_*.csv")
    with path.open() as file:
        mine = {
            row["VARIABLE"]: row["DATAVALUE"]
            for row in csv.DictReader(file)
            if row["SITE_ID"] == site
        }
    return float(mine["LOCATION_LAT"]), float(mine["LOCATION_LONG"]), mine["IGBP"]


def weather_of_tower(folder: Path, site, of_cell):
    """The tower's own days; those of its cell where it has none."""
    (path,) = folder.glob(f"FLX_{site}_*.csv")
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["TIMESTAMP"] for row in rows] == [f"{day:%Y%m%d}" for day in of_cell["days"]]
    columns = {"ta": "TA_F", "sw_in": "SW_IN_F", "p": "P_F", "vpd": "VPD_F"}
    weather = {"days": of_cell["days"], "lat": site_facts(folder, site)[0]}
    for name, column in columns.items():
        own = at_steps(name, [float(row[column]) for row in rows])
        weather[name] = [
            theirs if value < -9000 else value
            for value, theirs in zip(own, of_cell[name], strict=True)
        ]
    return weather


# --- MODIS ------------------------------------------------------------------------------------

REFLECTANCES = [f"Nadir_Reflectance_Band{band}" for band in (2, 4, 5)]
INDEX, RELIABILITY = "CMG 0.05 Deg 16 days {}", "CMG 0.05 Deg 16 days pixel reliability"


def pixels_by_type(folder: Path, lat, lon):
    """Row, column and area of the pixels of each class in the cell with this centre."""
    classes = SD(str(next(folder.glob("MCD12C1*.hdf")))).select("Majority_Land_Cover_Type_1").get()
    size, found = 180.0 / len(classes), {}
    for row in range(classes.shape[0]):
        for column in range(classes.shape[1]):
            north, west = 90.0 - size * row, -180.0 + size * column
            middle = north - size / 2, west + size / 2
            inside = abs(middle[0] - lat) < SIZE / 2 and abs(middle[1] - lon) < SIZE / 2
            number = int(classes[row, column])
            if inside and number in TYPES:
                found.setdefault(number, []).append((row, column, strip(north - size, north)))
    return dict(sorted(found.items()))


def good_temperature(flag):  # users' guide of MOD11: bits 0-1 produced, bits 6-7 error up to 2 K
    return flag & 3 == 0 or (flag & 3 == 1 and flag >> 6 <= 1)


def good_fpar(flag):  # of MOD15: main method, sound detectors, no clouds
    return flag & 1 == 0 and flag & 4 == 0 and (flag >> 3) & 3 != 1


def values_at(file, name, quality, good, valid, step, row, column):
    """Physical value of a pixel, NaN where it is not good."""
    raw = int(file[name][row, column])
    if not valid[0] <= raw <= valid[1] or not good(int(file[quality][row, column])):
        return math.nan
    return raw * step


def of_pixel(product, file, row, column):
    """Quantities of a pixel in a composite, by name."""

    def value(*layer):
        return values_at(file, *layer, row, column)

    if product == "MOD13C1":
        layer = RELIABILITY, lambda rank: rank in (0, 1), (-2000, 10000), 1e-4
        return {name: value(INDEX.format(name), *layer) for name in ("NDVI", "EVI")}
    if product == "MOD11C2":
        layer = good_temperature, (7500, 65535), 0.02
        return {
            f"LST_{time.upper()}": value(f"LST_{time}_CMG", f"QC_{time}", *layer)
            for time in ("Day", "Night")
        }
    if product == "MCD15A2H":
        return {"FPAR": value("Fpar_500m", "FparLai_QC", good_fpar, (0, 100), 0.01)}
    layer = "BRDF_Quality", lambda rank: rank <= 3, (0, 32766), 1e-4
    infrared, green, shortwave = (value(name, *layer) for name in REFLECTANCES)
    return {"NDWI": (infrared - shortwave) / (infrared + shortwave), "BAND4": green}


@functools.cache
def layers(path: Path):
    """Raw numbers of all layers of a file, by name."""
    file = SD(str(path))
    return {name: file.select(name).get() for name in file.datasets()}


# days from the date in a file's name to the middle of its window; MCD43C4 is dated by it
MIDDLE = {"MOD13C1": 8, "MOD11C2": 4, "MCD15A2H": 4, "MCD43C4": 0}


def composites(folder: Path, patches):
    """Dates and the series of each patch, by quantity; a patch is a list of pixels."""
    found = {}
    for product, middle in MIDDLE.items():
        for path in sorted(folder.glob(f"{product}*.hdf")):
            date = datetime.datetime.strptime(path.name.split(".")[1], "A%Y%j").date()
            file = layers(path)
            for number, pixels in enumerate(patches):
                each = [
                    (of_pixel(product, file, row, column), area) for row, column, area in pixels
                ]
                for name in each[0][0]:
                    good = [(v[name], area) for v, area in each if not math.isnan(v[name])]
                    mean = math.nan
                    if good:
                        mean = sum(v * area for v, area in good) / sum(area for _, area in good)
                    dates, series = found.setdefault(name, ([], [[] for _ in patches]))
                    if number == 0:
                        dates.append(date + datetime.timedelta(middle))
                    series[number] += at_steps(name, [mean])
    for _, series in found.values():
        assert all(np.isfinite(each).mean() > 0.05 for each in series)  # else another's series
    return found
