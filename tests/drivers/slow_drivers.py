"""All drivers of a place, one number at a time, in the order of Table A2 and its documentation.

No code of fluxprod is used: radiation, snow, water stores, seasonal cycles and patches are computed
independently. Formulas: Spencer (1971) for the sun, with the solar constant of ONEFlux; FAO-56
(Allen et al. 1998, eqs. 11 and 38 to 40) for net radiation; Priestley and Taylor (1972) for
evaporation; Trautmann et al. (2018, doi:10.5194/hess-22-4061-2018) for snow.
"""

import datetime
import math

GROUPS = {  # IGBP classes that share a driver
    "PFT_ENF": ("ENF",), "PFT_EBF": ("EBF",), "PFT_DBF": ("DBF",), "PFT_MF": ("MF",),
    "PFT_CRO": ("CRO",), "PFT_GRA": ("GRA", "CVM"), "PFT_WET": ("WET",),
    "PFT_SH": ("OSH", "CSH"), "PFT_SAV": ("SAV", "WSA"),
}  # fmt: skip


def top_of_atmosphere(lat, day):
    """Daily mean on a horizontal plane, after Spencer (1971) [W m-2]."""
    t = 2 * math.pi * (day - 1) / 365
    distance = (1.00011 + 0.034221 * math.cos(t) + 0.00128 * math.sin(t)
                + 0.000719 * math.cos(2 * t) + 0.000077 * math.sin(2 * t))  # fmt: skip
    tilt = (0.006918 - 0.399912 * math.cos(t) + 0.070257 * math.sin(t)
            - 0.006758 * math.cos(2 * t) + 0.000907 * math.sin(2 * t)
            - 0.002697 * math.cos(3 * t) + 0.00148 * math.sin(3 * t))  # fmt: skip
    phi = math.radians(lat)
    half_day = math.acos(min(1, max(-1, -math.tan(phi) * math.tan(tilt))))
    sun = half_day * math.sin(phi) * math.sin(tilt) + math.cos(phi) * math.cos(tilt) * math.sin(
        half_day
    )
    return max(0.0, 1376 * distance * sun / math.pi)


def slow_wai(weather, loops):
    """Two layers, of which the lower takes the surplus, and snow; two years of spin-up, repeated.

    Filling of the lower layer and of the upper one.
    """

    def vapour(t):
        return 0.6108 * math.exp(17.27 * t / (t + 237.3))

    upper, lower, snow = 20.0, 100.0, 0.0
    days, lat = weather["days"], weather["lat"]
    two_years = [n for n, day in enumerate(days) if day.year < days[0].year + 2]
    wai, top = [], []
    for n in two_years * loops + list(range(len(days))):
        t, rain = weather["ta"][n], weather["p"][n]
        shortwave = weather["sw_in"][n] * 0.0864
        clear = 0.75 * top_of_atmosphere(lat, days[n].timetuple().tm_yday) * 0.0864
        ratio = shortwave / clear if clear > 0.5 else 0.5
        cloud = 1.35 * min(1.0, max(0.25, ratio)) - 0.35
        longwave = (4.903e-9 * (t + 273.15) ** 4
                    * (0.34 - 0.14 * math.sqrt(0.7 * vapour(t))) * cloud)  # fmt: skip
        net = 0.77 * shortwave - longwave
        slope = 4098 * vapour(t) / (t + 237.3) ** 2
        demand = 1.2 * max(0.0, slope / (slope + 0.0665) * net / 2.45)
        if t < 0:
            snow, rain = snow + rain, 0.0
        thaw = min(snow, 3.0 * t + 0.9 * max(net, 0.0)) if t > 0 else 0.0
        snow, rain = snow - thaw, rain + thaw
        into_upper = min(rain, 20.0 - upper)
        into_lower = min(rain - into_upper, 100.0 - lower)
        upper, lower = upper + into_upper, lower + into_lower
        from_upper = min(demand, 0.05 * upper)
        from_lower = min(demand - from_upper, 0.05 * lower)
        upper, lower = upper - from_upper, lower - from_lower
        wai.append(lower / 100.0)
        top.append(upper / 20.0)
    return wai[-len(days) :], top[-len(days) :]


def leap_numbered(day):
    """Number of the day in a leap year, so that 1 March is always 61."""
    return datetime.date(2004, day.month, day.day).timetuple().tm_yday


def slow_cycle(dates, values):
    """Mean of each step over years, with gaps and the 366 days interpolated linearly."""
    steps = {}
    for date, value in zip(dates, values, strict=True):
        steps.setdefault(date.timetuple().tm_yday, []).append(value)
    known = []
    for step in sorted(steps):
        valid = [v for v in steps[step] if not math.isnan(v)]
        if valid:
            known.append((step, sum(valid) / len(valid)))
    # missing steps lie on the line between their neighbours, and so do the days
    around = [(day + turn, value) for turn in (-365, 0, 365) for day, value in known]
    year = []
    for day in range(1, 366):
        left = max(point for point in around if point[0] <= day)
        right = min(point for point in around if point[0] > day)
        part = (day - left[0]) / (right[0] - left[0])
        year.append(left[1] * (1 - part) + right[1] * part)
    leap = (year[58] + year[59]) / 2
    return [*year[:59], leap, *year[59:]]


def slow_daily_cycle(values, days):
    by_day = {}
    for date, value in zip(days, values, strict=True):
        by_day.setdefault(leap_numbered(date), []).append(value)
    year = [sum(by_day[day]) / len(by_day[day]) for day in range(1, 367)]
    year[59] = (year[58] + year[60]) / 2
    return year


def slow_window(values, middle, days):
    start = (middle - days[0]).days - 8
    inside = [values[n] for n in range(start, start + 16) if 0 <= n < len(values)]
    return sum(inside) / len(inside)


def slow_anomaly(values, days):
    """Mean deviation from the mean year, over the day and up to 60 days before it."""
    year = slow_daily_cycle(values, days)
    left = [value - year[leap_numbered(date) - 1] for date, value in zip(days, values, strict=True)]
    last_61 = [left[max(0, n - 60) : n + 1] for n in range(len(left))]
    return [sum(window) / len(window) for window in last_61]


def slow_patch(weather, composites, patch):
    """What satellites see of a patch: seven series of 366 days, and three numbers."""
    cycle = {}
    dates, evi = composites["EVI"][0], composites["EVI"][1][patch]
    light, days = weather["sw_in"], weather["days"]
    products = [v * slow_window(light, d, days) for d, v in zip(dates, evi, strict=True)]
    cycle["MSC_EVIRpot"] = slow_cycle(dates, products)
    dates = composites["FPAR"][0]
    pairs = zip(composites["FPAR"][1][patch], composites["LST_DAY"][1][patch], strict=True)
    cycle["MSC_FparLST"] = slow_cycle(dates, [f * t for f, t in pairs])
    cycle["MSC_LST_Night"] = slow_cycle(dates, composites["LST_NIGHT"][1][patch])
    for name in ("NDVI", "EVI", "FPAR"):
        cycle[name] = slow_cycle(composites[name][0], composites[name][1][patch])
    ndvi = cycle["NDVI"]
    cycle["Rg_VIMSC"] = [v * top_of_atmosphere(weather["lat"], n + 1) for n, v in enumerate(ndvi)]
    ndwi = slow_cycle(composites["NDWI"][0], composites["NDWI"][1][patch])
    band4 = slow_cycle(composites["BAND4"][0], composites["BAND4"][1][patch])
    return cycle, {
        "MIN_MSC_NDWI": min(ndwi),
        "AMP_Band4": max(band4) - min(band4),
        "AMP_MSC_NDVI": max(ndvi) - min(ndvi),
    }


def slow_trailing_mean(values, days):
    windows = [values[max(0, n - days + 1) : n + 1] for n in range(len(values))]
    return [sum(window) / len(window) for window in windows]


def slow_daily(weather, found):
    """Weather of the day and its memory, and each vegetation index times the light of the day."""
    for name in ("SW_IN", "P", "VPD"):
        found[name] = weather[name.lower()]
        for days in (7, 30):
            found[f"{name}_{days}"] = slow_trailing_mean(found[name], days)
    found["SW_IN_POT"] = [top_of_atmosphere(weather["lat"], day) for day in range(1, 367)]
    found["MSC_FPAR"] = found["FPAR"]
    for name in ("FPAR", "NDVI", "EVI"):
        leaves = found.pop(name)
        found[f"{name}_SW_IN"] = [
            leaves[leap_numbered(day) - 1] * light
            for day, light in zip(weather["days"], weather["sw_in"], strict=True)
        ]


def slow_drivers(raw, shares, types, loops):
    """All drivers, by name, of a place whose land consists of patches.

    ``raw`` is a pair: the weather, lists of numbers and ``days`` and ``lat``; and by quantity the
    dates of its composites and a list of numbers for each patch.
    """
    weather, composites = raw
    patches = [slow_patch(weather, composites, n) for n in range(len(shares))]
    whole = sum(shares)
    lower, upper = slow_wai(weather, loops)
    found = {"Tair": weather["ta"], "WAI2": lower}
    found |= {
        f"{name}_ANOM": slow_anomaly(found[name], weather["days"]) for name in ("Tair", "WAI2")
    }
    wai_year = slow_daily_cycle(found["WAI2"], weather["days"])
    found["AMP_MSC_WAI"] = max(wai_year) - min(wai_year)
    for name in patches[0][0]:
        found[name] = [
            sum(share * patch[0][name][n] for share, patch in zip(shares, patches)) / whole
            for n in range(366)
        ]
    for name in patches[0][1]:
        found[name] = sum(s * patch[1][name] for s, patch in zip(shares, patches)) / whole
    found["WAI1"] = upper
    slow_daily(weather, found)
    for name, group in GROUPS.items():
        found[name] = sum(s for s, code in zip(shares, types) if code in group)
    return found
