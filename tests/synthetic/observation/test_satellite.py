from dataclasses import replace

import numpy as np
import pytest

from fluxprod.synthetic.earth.fields import random_stream
from fluxprod.synthetic.observation import satellite
from fluxprod.synthetic.observation.scene import Scene, period_dates

COUNT = 4000


def scene(**given):
    plain = {
        "fapar": 0.6, "wetness": 0.8, "snow": 0.0, "cloudy": 0.0, "canopy": 0.2, "air": 20.0,
        "light": 250.0, "potential": 400.0,
    }  # fmt: skip
    values = {name: np.full(COUNT, value) for name, value in {**plain, **given}.items()}
    return Scene(texture=np.zeros((3, COUNT)), **values)


PRODUCTS = (
    satellite.vegetation_indices,
    satellite.surface_temperature,
    satellite.reflectances,
    satellite.absorbed_fraction,
)


def rng():
    return random_stream(1, "test")


def test_green_leaves_raise_every_index():
    bare, green = scene(fapar=0.1), scene(fapar=0.9)
    ndvi, evi = satellite.true_indices(green)
    assert (ndvi > satellite.true_indices(bare)[0]).all()
    assert (evi > satellite.true_indices(bare)[1]).all()
    hot, cool = (
        satellite.surface_temperature(one, rng())["lst_day"].mean() for one in (bare, green)
    )
    assert hot > cool + 3.0


def test_snow_is_bright_and_not_green():
    winter = scene(snow=1.0)
    assert satellite.reflectances(winter, rng())["band4"].mean() > 0.5
    indices = satellite.vegetation_indices(winter, rng())
    assert (indices["reliability"] == 2).all()
    assert indices["ndvi"].max() < 0.3


@pytest.mark.parametrize("observe", PRODUCTS)
def test_quality_flags_clouds(observe):
    """Under a clear sky nearly all retrievals are good, under persistent clouds hardly any."""
    good = {
        "vegetation_indices": lambda seen: seen["reliability"] <= 1,
        "surface_temperature": lambda seen: (seen["qc_day"] & 0b11) < 2,
        "reflectances": lambda seen: seen["quality"] <= 3,
        "absorbed_fraction": lambda seen: seen["qc"] == 0,
    }[observe.__name__]
    assert good(observe(scene(), rng())).mean() > 0.95
    assert good(observe(scene(cloudy=0.98), rng())).mean() < 0.35


@pytest.mark.parametrize("observe", PRODUCTS[:1] + PRODUCTS[2:])
def test_products_that_need_sunlight_are_missing_in_the_polar_night(observe):
    seen = observe(replace(scene(), potential=np.zeros(COUNT)), rng())
    values = [field for name, field in seen.items() if name not in {"quality", "qc"}]
    assert all(np.isnan(field).all() for field in values)


def test_periods_restart_each_year():
    dates = period_dates(2003, 2004)
    assert len(dates) == 92
    assert list(dates.day_of_year[44:48]) == [353, 361, 1, 9]
