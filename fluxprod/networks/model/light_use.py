"""NEE from two outputs of a network: respiration and uptake, each with the shape of its response.

Uptake is proportional to the light that leaves absorb (Monteith 1972, doi:10.2307/2401901), and
respiration rises with temperature (Lloyd and Taylor 1994, doi:10.2307/2389824). The network gives
the efficiency and the base rate, both positive, from all drivers, as in hybrid models of carbon
fluxes (Tramontana et al. 2020, doi:10.1111/gcb.15203).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError

N_OUTPUTS = 2
TEMPERATURE, LIGHT = "Tair", "FPAR_SW_IN"
RESPIRATION = 2.0  # [g m-2 d-1] at 15 degC for a base rate of 1, typical of vegetated land
REFERENCE = 15.0  # [degC]
Q10 = 2.0  # [1] rise of respiration with 10 K
RISE = (-4.0, 1.5)  # [1] limits of the logarithm of the rise, from -43 to 37 degC
EFFICIENCY = 0.04  # [g m-2 d-1 per W m-2] uptake per absorbed light for an efficiency of 1
FORMULA = (
    f"{RESPIRATION:g} softplus(output 1) exp(clip(ln({Q10:g}) / 10 ({TEMPERATURE} - "
    f"{REFERENCE:g}), {RISE[0]:g}, {RISE[1]:g})) - {EFFICIENCY:g} softplus(output 2) {LIGHT}"
)


@dataclass(frozen=True)
class LightUse:
    """Where the drivers of both responses are among the drivers of a network.

    Parameters
    ----------
    temperature : int
        Column of ``Tair``.
    light : int
        Column of ``FPAR_SW_IN``.
    """

    temperature: int
    light: int


def light_use_of(drivers: Sequence[str]) -> LightUse:
    """Find the drivers of both responses.

    Parameters
    ----------
    drivers : sequence of str
        Names of the drivers, in the order in which the network takes them.

    Raises
    ------
    DataError
        If one of them is missing.
    """
    names = list(drivers)
    if absent := [name for name in (TEMPERATURE, LIGHT) if name not in names]:
        found, expected = f"light_use without {', '.join(absent)}", "plain, or drivers with both"
        raise DataError(PARAMS_FILE, "train.form", found, expected, "set train.drivers to daily")
    return LightUse(names.index(TEMPERATURE), names.index(LIGHT))


def light_use_nee(outputs: Tensor, temperature: Tensor, light: Tensor) -> Tensor:
    """NEE from the outputs of a network, differentiable.

    Parameters
    ----------
    outputs : Tensor, shape (row, 2)
        Outputs that give the base rate of respiration and the efficiency of uptake [1].
    temperature : Tensor, shape (row,)
        Air temperature [degC].
    light : Tensor, shape (row,)
        Mean seasonal cycle of fAPAR times the radiation of the day [W m-2].

    Returns
    -------
    Tensor, shape (row,)
        NEE [g m-2 d-1]: ``2 softplus(a) 2^((T - 15) / 10) - 0.04 softplus(b) light``.
    """
    rise = ((temperature - REFERENCE) * (math.log(Q10) / 10.0)).clamp(*RISE)
    rates = softplus(outputs)
    return RESPIRATION * rates[:, 0] * torch.exp(rise) - EFFICIENCY * rates[:, 1] * light
