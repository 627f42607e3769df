"""MODIS retrievals of a scene: signals, noise, clouds and quality bits.

Each product is a dictionary of arrays over sub-cells, in the physical units of the native files
and NaN where there is no retrieval. The coefficients are chosen so that the signals have typical
values of the real products. The names of the four product functions are part of their random
streams, so renaming one changes the files.
"""

import numpy as np

from fluxprod.core.units import ZERO_CELSIUS
from fluxprod.synthetic.observation.scene import Scene

DARK = 25.0  # potential radiation below which it is too dark for reflectances [W m-2]
SNOWY = 0.3  # snow cover above which a pixel is flagged as snow [1]


def true_indices(scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """Compute the NDVI and EVI of the surface [1]; both rise with fAPAR and fall with snow."""
    bare = 1.0 - 0.8 * scene.snow
    ndvi = (0.09 + 0.80 * scene.fapar**0.9 + scene.texture[1]) * bare
    evi = (0.06 + 0.50 * scene.fapar**1.25 + 0.3 * scene.canopy * scene.fapar) * bare
    return ndvi, evi + 0.5 * scene.texture[1] * bare


def vegetation_indices(scene: Scene, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """MOD13C1: NDVI, EVI, VI Quality and reliability (0 good, 1 marginal, 2 snow, 3 cloud)."""
    draw, noise = rng.random(len(scene.fapar)), rng.standard_normal((2, len(scene.fapar)))
    cloud = draw < scene.cloudy**3
    marginal = ~cloud & (draw < scene.cloudy**3 + 0.15)
    snow = ~cloud & (scene.snow > SNOWY)
    veil = np.where(cloud, 0.55, np.where(marginal, 0.95, 1.0))
    ndvi, evi = (
        np.clip(value * veil + 0.012 * error, -0.19, 0.99)
        for value, error in zip(true_indices(scene), noise, strict=True)
    )
    quality = np.where(cloud, 0b10 | 10 << 2, np.where(marginal, 0b01 | 4 << 2, 0b00 | 1 << 2))
    quality = quality | np.where(snow, 1 << 14, 0)
    reliability = np.where(cloud, 3, np.where(snow, 2, np.where(marginal, 1, 0)))
    unseen = scene.potential < DARK
    return {
        "ndvi": np.where(unseen, np.nan, ndvi),
        "evi": np.where(unseen, np.nan, evi),
        "quality": np.where(unseen, 0b11, quality),
        "reliability": np.where(unseen, np.nan, reliability),
    }


def surface_temperature(scene: Scene, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """MOD11C2: surface temperature by day and by night [K], with their QC bits."""
    cover = scene.fapar * (0.4 + 0.6 * np.minimum(scene.wetness / 0.5, 1.0))
    heating = 15.0 * scene.light / 300.0 * (1.0 - 0.75 * cover) * (1.0 - 0.8 * scene.snow)
    clear = np.clip(scene.light / np.maximum(scene.potential, 30.0), 0.0, 0.8)
    cooling = 1.5 + 6.0 * clear * (1.0 - 0.6 * scene.fapar)
    air = scene.air + ZERO_CELSIUS + scene.texture[2]
    day, qc_day = _retrieved(air + 1.0 + heating, scene, rng)
    night, qc_night = _retrieved(air - cooling, scene, rng)
    return {"lst_day": day, "lst_night": night, "qc_day": qc_day, "qc_night": qc_night}


def _retrieved(
    truth: np.ndarray, scene: Scene, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Noisy temperature [K] and QC: 0 good, 65 error up to 2 K, 193 error above 3 K, 2 cloud."""
    draw, noise = rng.random(len(truth)), rng.standard_normal(len(truth))
    cloud = draw < scene.cloudy**2.5
    grade = np.digitize(rng.random(len(truth)), (0.70, 0.95))
    quality = np.array([0, 0b01 | 0b01 << 6, 0b01 | 0b11 << 6])[grade]
    value = truth + np.array([0.5, 1.2, 3.0])[grade] * np.clip(noise, -3.0, 3.0)
    return np.where(cloud, np.nan, value), np.where(cloud, 0b10, quality)


def reflectances(scene: Scene, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """MCD43C4: nadir reflectances of bands 2, 4 and 5 [1] and BRDF quality (0 is best, 5 worst)."""
    draw, noise = rng.random(len(scene.fapar)), rng.standard_normal((3, len(scene.fapar)))
    bright = scene.texture[1]
    near = 0.17 + 0.20 * scene.fapar + 0.35 * scene.snow + bright
    green = 0.15 - 0.11 * scene.fapar - 0.02 * scene.wetness + 0.5 * scene.snow + 0.5 * bright
    water = -0.14 + scene.canopy * scene.fapar + 0.10 * scene.wetness + 0.35 * scene.snow
    short = near * (1.0 - water) / (1.0 + water)
    bands = [
        np.clip(band * (1.0 + 0.02 * error), 0.005, 1.2)
        for band, error in zip((near, green, short), noise, strict=True)
    ]
    quality = np.digitize(draw + scene.cloudy**2, (0.55, 0.8, 0.95, 1.15, 1.4)).astype(float)
    unseen = (scene.potential < DARK) | (draw + scene.cloudy**2 > 1.65)
    seen = [np.where(unseen, np.nan, band) for band in bands]
    return {
        "band2": seen[0],
        "band4": seen[1],
        "band5": seen[2],
        "quality": np.where(unseen, np.nan, quality),
    }


def absorbed_fraction(scene: Scene, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """MCD15A2H: fAPAR [1] and FparLai_QC (0 main algorithm, 73 backup under clouds, 157 fill)."""
    draw, noise = rng.random(len(scene.fapar)), rng.standard_normal(len(scene.fapar))
    cloud = draw < scene.cloudy**2.5
    seen = scene.fapar * (1.0 - 0.6 * scene.snow)
    value = np.where(cloud, 0.7 * seen + 0.10 * noise, seen + 0.025 * noise)
    unseen = scene.potential < DARK
    quality = np.where(cloud, 1 | 0b01 << 3 | 0b010 << 5, 0)
    return {
        "fpar": np.where(unseen, np.nan, np.clip(value, 0.0, 1.0)),
        "qc": np.where(unseen, 1 | 1 << 2 | 0b11 << 3 | 0b100 << 5, quality),
    }
