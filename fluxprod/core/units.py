"""Named conversions. Each constant has a unit and a source."""

SECONDS_PER_DAY = 86_400.0  # s d-1
ZERO_CELSIUS = 273.15  # K, definition
PG = 1e15  # g per petagram
CARBON_PER_CO2 = 12.011 / 44.009  # g C per g CO2, IUPAC 2021 standard atomic weights
METRES_PER_MILLIMETRE = 1e-3
DAYS_PER_YEAR = 365.25  # d yr-1, Julian year
LATENT_HEAT = 2.45  # MJ kg-1 of water at 20 degC, FAO-56 (Allen et al. 1998) eq. 3-1


def kelvin_to_celsius(temperature):
    """Temperature [K] to [degC]."""
    return temperature - ZERO_CELSIUS


def megajoules_per_day_to_watts(energy):
    """Daily energy [MJ m-2 d-1] to mean power [W m-2]."""
    return energy * 1e6 / SECONDS_PER_DAY


def watts_to_megajoules_per_day(power):
    """Mean power [W m-2] to daily energy [MJ m-2 d-1]."""
    return power * SECONDS_PER_DAY / 1e6


def metres_to_millimetres(depth):
    """Water depth [m] to [mm]."""
    return depth / METRES_PER_MILLIMETRE


def co2_rate_to_carbon_per_day(rate):
    """Emission of CO2 [kg m-2 s-1] to carbon [g m-2 d-1]."""
    return rate * 1e3 * SECONDS_PER_DAY * CARBON_PER_CO2
