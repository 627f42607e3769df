"""Inversions, fires, rivers and FLUXCOM: planted faults are noticed, the sound world is not."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS, TROPICS
from fluxprod.plausibility.atmosphere.fires_and_rivers import fire_findings, river_findings
from fluxprod.plausibility.atmosphere.fluxcom import fluxcom_findings
from fluxprod.plausibility.atmosphere.members import member_findings
from fluxprod.plausibility.atmosphere.regional_seasons import seasonal_findings
from fluxprod.plausibility.season import NORTHERN, copied_years, later, season

N_YEARS = 4
TIME = pd.date_range("2004-01-01", periods=12 * N_YEARS, freq="MS")
MONTH = TIME.month.to_numpy()
DAYS = TIME.days_in_month.to_numpy()
UPTAKE = -np.cos(2.0 * np.pi * (MONTH - 7) / 12.0)  # largest in the middle of July
NORTH = np.array([name in NORTHERN for name in ABBREVIATIONS])
SIDE = np.where(NORTH, 1.0, -0.2)  # of the seasonal cycle


def cube(sink, amplitude, rng):
    """Regional totals [PgC month-1] with a global sink [PgC yr-1] and a northern season."""
    level = sink / 12.0 / len(SIDE)
    noise = rng.normal(0.0, 0.01, (len(SIDE), len(TIME)))
    return level + amplitude / NORTH.sum() * SIDE[:, None] * UPTAKE + noise - noise.mean()


@pytest.fixture
def world():
    """Inversions of a land sink of 2 PgC/yr after fires of 2 and rivers of -0.65, and FLUXCOM."""
    rng = np.random.default_rng(3)
    members = np.stack([cube(-3.35, 1.8, rng) for _ in range(3)])
    fire = np.zeros((len(SIDE), len(TIME)))
    tropical = [ABBREVIATIONS.index(name) for name in TROPICS]
    fire[tropical] = 2.0 / 12.0 / len(tropical)
    fire[ABBREVIATIONS.index("SAF")] *= 1.0 - np.cos(2.0 * np.pi * (MONTH - 2) / 12.0)
    fire *= rng.normal(1.0, 0.02, fire.shape)
    axes, cells = ("region", "time"), SIDE[np.arange(180) % 18]
    seasonal = cells[:, None] * UPTAKE + 0.1 * rng.normal(size=(180, len(TIME)))
    inversions = xr.Dataset(
        {
            "NEE": (("member", *axes), members),
            "unassigned": (("member", "time"), np.zeros((3, len(TIME)))),
            "FIRE": (axes, fire),
            "FIRE_unassigned": ("time", np.zeros(len(TIME))),
            "RIVER": (axes, np.full(fire.shape, -0.65 / 12.0 / len(SIDE))),
            "RIVER_unassigned": ("time", np.zeros(len(TIME))),
            "fire_is_climatology": ("time", np.zeros(len(TIME), bool)),
            "NEE_month": (("time", "cell"), seasonal.T),
        },
        coords={"member": ["A", "B", "C"], "region": list(ABBREVIATIONS), "time": TIME},
    )
    fluxcom = xr.Dataset(
        {
            "NEE": (axes, cube(-18.0, 2.0, rng)),
            "unassigned": ("time", np.zeros(len(TIME))),
            "NEE_month": (("cell", "time"), seasonal),
        },
        coords={"region": list(ABBREVIATIONS), "time": TIME},
    )
    budget = pd.DataFrame(
        {"land_sink": 3.2, "land_use": 1.2}, index=pd.Index(range(2000, 2010), name="year")
    )
    return inversions, fluxcom, budget


def outcomes(world):
    inversions, fluxcom, budget = world
    findings = [
        *member_findings(inversions, budget),
        *seasonal_findings(inversions, fluxcom),
        *fire_findings(inversions),
        *river_findings(inversions),
        *fluxcom_findings(fluxcom),
    ]
    return {finding.key: finding.outcome for finding in findings}


def stops(world):
    return {key for key, outcome in outcomes(world).items() if outcome == "stop"}


def test_a_sound_world_passes_every_test(world):
    assert set(outcomes(world).values()) == {"pass"}


def one_member(change):
    def edit(world):
        flux = net(world[0])
        world[0].NEE.values[1] += (change(flux) - flux) / len(SIDE)

    return edit


def net(inversions):
    """Net land flux of the second member before fires and rivers are removed [PgC month-1]."""
    removed = inversions.FIRE.sum("region") + inversions.RIVER.sum("region")
    return (inversions.NEE[1].sum("region") + removed).values


def whole_file(change):
    def edit(world):
        removed = world[0].FIRE.values + world[0].RIVER.values
        world[0].NEE.values[:] = change(world[0].NEE.values + removed) - removed

    return edit


def regions_turned(flux):
    """North and south change places."""
    return flux[:, ::-1] if flux.ndim == 3 else flux[::-1]


def set_fire(change):
    def edit(world):
        world[0]["FIRE"] = world[0].FIRE.copy(data=change(world[0].FIRE.values))

    return edit


def set_river(change):
    def edit(world):
        world[0]["RIVER"] = world[0].RIVER.copy(data=change(world[0].RIVER.values))

    return edit


def set_fluxcom(change):
    def edit(world):
        world[1]["NEE"] = world[1].NEE.copy(data=change(world[1].NEE.values))

    return edit


def southern_summer(flux):
    return np.roll(flux, 6, axis=-1)


def first_year_again(flux):
    """Totals of the same fluxes, in a year that is no leap year."""
    again = flux.copy()
    again[..., 12:24] = again[..., :12] / DAYS[:12] * DAYS[12:24]
    return again


CARBON = 12.011 / 44.009
PHASE = "inversions.phase:northern regions"
EDITS = {
    "member, sign": (one_member(np.negative), "inversions.agreement:B"),
    "member, of CO2": (one_member(lambda flux: flux / CARBON), "inversions.amplitude:B"),
    "member, 12/44": (one_member(lambda flux: flux * CARBON), "inversions.amplitude:B"),
    "member, per month": (one_member(lambda flux: flux / 12.0), "inversions.amplitude:B"),
    "member, zero": (one_member(np.zeros_like), "inversions.amplitude:B"),
    "member, a month late": (one_member(lambda f: np.roll(f, 1)), "inversions.agreement:B"),
    "member, a month early": (one_member(lambda f: np.roll(f, -1)), "inversions.agreement:B"),
    "member, shifted sink": (one_member(lambda f: f - 3.0 / 12.0), "inversions.member:B"),
    "all, sign": (whole_file(np.negative), "inversions.north:EU"),
    "all, of CO2": (whole_file(lambda flux: flux / CARBON), "inversions.sink:A"),
    "all, 12/44": (whole_file(lambda flux: flux * CARBON), "inversions.amplitude:A"),
    "all, per month": (whole_file(lambda flux: flux * 12.0), "inversions.amplitude:A"),
    "all, a month late": (whole_file(lambda f: np.roll(f, 1, -1)), PHASE),
    "all, half a year": (whole_file(southern_summer), "inversions.north:A"),
    "all, turned": (whole_file(regions_turned), "inversions.north:USA"),
    "all, year again": (whole_file(first_year_again), "inversions.years:A"),
    "fire, of carbon": (set_fire(lambda fire: fire / CARBON), "fires.total:2005"),
    "fire, 12/44 twice": (set_fire(lambda fire: fire * CARBON), "fires.total:2005"),
    "fire, zero": (set_fire(np.zeros_like), "fires.total:2005"),
    "fire, sign": (set_fire(np.negative), "fires.total:2005"),
    "fire, half a year": (set_fire(southern_summer), "fires.season:SAF"),
    "fire, elsewhere": (set_fire(lambda fire: np.roll(fire, 5, axis=0)), "fires.season:SAF"),
    "fire, year again": (set_fire(first_year_again), "fires.years:2005"),
    "river, sign": (set_river(np.negative), "rivers.total:global mean"),
    "river, per month": (set_river(lambda river: river / 12.0), "rivers.total:global mean"),
    "river, of CO2": (set_river(lambda river: river / CARBON), "rivers.total:global mean"),
    "river, zero": (set_river(np.zeros_like), "rivers.total:global mean"),
    "cube, sign": (set_fluxcom(np.negative), "fluxcom.sink:global mean"),
    "cube, 12/44": (set_fluxcom(lambda nee: nee * CARBON), "fluxcom.range:north"),
    "cube, of CO2": (set_fluxcom(lambda nee: nee / CARBON), "fluxcom.sink:global mean"),
    "cube, per month": (set_fluxcom(lambda nee: nee / 30.4), "fluxcom.range:north"),
    "cube, half a year": (set_fluxcom(southern_summer), "fluxcom.north:RUS"),
    "cube, two months": (set_fluxcom(lambda f: np.roll(f, 2, -1)), "fluxcom.phase:north"),
    "cube, one month": (set_fluxcom(lambda f: np.roll(f, 1, -1)), PHASE),
    "cube, turned": (set_fluxcom(regions_turned), "fluxcom.north:USA"),
    "cube, year again": (set_fluxcom(first_year_again), "fluxcom.years:2005"),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_a_wrong_input_stops_the_run(world, name):
    edit, noticed = EDITS[name]
    edit(world)
    assert noticed in stops(world)


def test_equal_members_are_noticed(world):
    world[0].NEE.values[2] = world[0].NEE.values[0]
    assert "inversions.distinct:C" in stops(world)


def test_fluxes_at_sea_are_noticed(world):
    """A file whose longitudes are off by half the globe, for one member."""
    world[0].unassigned.values[1] = world[0].NEE.values[1].sum(axis=0)
    world[0].NEE.values[1] *= 0.1
    assert {"inversions.at_sea:B", "inversions.region:EU"} & stops(world) == {"inversions.at_sea:B"}
    world[0].FIRE_unassigned.values[:] = world[0].FIRE.sum("region").values
    assert "fires.at_sea:all years" in stops(world)


def test_a_map_that_is_turned_is_noticed(world):
    world[0]["NEE_month"] = world[0].NEE_month.copy(data=-world[0].NEE_month.values)
    assert "inversions.pattern:mean of the members" in stops(world)


def test_missing_months_of_a_member_are_left_out(world):
    world[0].NEE.values[0, :, :12] = np.nan
    world[0].unassigned.values[0, :12] = np.nan
    assert set(outcomes(world).values()) == {"pass"}


def test_one_member_has_nothing_to_be_compared_with(world):
    alone = world[0].isel(member=[1])
    assert set(outcomes((alone, *world[1:])).values()) == {"pass"}


def test_years_of_the_fire_climatology_may_be_equal(world):
    edit, _ = EDITS["fire, year again"]
    edit(world)
    world[0].fire_is_climatology.values[:12] = True
    assert set(outcomes(world).values()) == {"pass"}


def test_inversions_adjusted_for_rivers_have_no_rivers_to_test(world):
    assert river_findings(world[0].drop_vars(["RIVER", "RIVER_unassigned"])) == []


def test_season_by_hand():
    cycle = np.tile(np.array([2, 2, 1, 0, -1, -2, -4, -2, -1, 0, 1, 2.0]), 3)
    found = season(cycle)
    assert found.amplitude == 6.0
    assert 6.3 < found.uptake < 6.7  # the cycle is symmetric about the middle of July, 6.5
    assert np.isnan(season(np.full(24, np.nan)).amplitude)
    assert later(0.5, 11.5) == pytest.approx(1.0)
    assert later(11.5, 0.5) == pytest.approx(-1.0)


def test_a_copied_year_is_found_although_february_is_longer():
    months = pd.date_range("2003-01-01", periods=24, freq="MS").values  # 2004 is a leap year
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] * 2, float)
    days[13] = 29.0
    totals = np.tile(np.arange(1.0, 13.0), 2) * days
    assert copied_years(totals[None], months) == [(0, 1)]
    totals[20] += 1e-4
    assert copied_years(totals[None], months) == []
    assert copied_years(np.zeros((2, 24)), months) == []
