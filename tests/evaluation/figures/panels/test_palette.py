from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from fluxprod.core.variables import IGBP
from fluxprod.evaluation.figures.panels.palette import PFT_COLOURS

# simulated colour vision deficiency on linear sRGB: Machado et al. (2009),
# doi:10.1109/TVCG.2009.113
EYES = {
    "most": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750]]
XYZ = np.array([*XYZ, [0.0193339, 0.1191920, 0.9503041]])  # of linear sRGB: IEC 61966-2-1


def lab(colour: str, eye) -> np.ndarray:
    """CIE 1976 L*, a*, b* under D65 of a colour as perceived with a given colour vision."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = XYZ @ np.clip(np.array(eye) @ linear, 0.0, 1.0) / XYZ.sum(axis=1)
    x, y, z = np.where(seen > (6 / 29) ** 3, np.cbrt(seen), seen * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_the_arithmetic_on_known_colours():
    assert lab("white", EYES["most"]) == pytest.approx([100, 0, 0], abs=0.01)
    assert lab("red", EYES["most"]) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    red_green = [lab(colour, EYES["deutan"]) for colour in ("#b05050", "#6f6f3f")]
    assert np.linalg.norm(red_green[0] - red_green[1]) < 10


@pytest.mark.parametrize("eye", EYES)
def test_types_are_told_apart_by_every_eye(eye):
    seen = {name: lab(colour, EYES[eye]) for name, colour in PFT_COLOURS.items()}
    gaps = {pair: np.linalg.norm(seen[pair[0]] - seen[pair[1]]) for pair in combinations(seen, 2)}
    assert min(gaps.values()) > 15, min(
        gaps, key=gaps.__getitem__
    )  # a just noticeable difference is 2.3


def test_every_type_has_a_colour():
    assert set(PFT_COLOURS) == set(IGBP.values())
