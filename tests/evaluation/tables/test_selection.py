import numpy as np
import xarray as xr

from fluxprod.evaluation.tables.selection import pft_table, regional_pft_table, selection_table


def test_one_row_a_land_cell():
    robustness = xr.Dataset({"n_drawn": ("cell", [0, 4, 2]), "n_chosen": ("cell", [0, 3, 0])})
    geography = xr.Dataset(
        {"cell_lat": ("cell", [1.0, 2.0, 3.0]), "cell_lon": ("cell", [4.0, 5.0, 6.0])}
    )
    got = selection_table(robustness, geography)
    assert got.to_numpy().tolist() == [[1, 4, 0, 0], [2, 5, 4, 3], [3, 6, 2, 0]]


def test_types_carry_their_igbp_codes():
    shares = np.array([0.75, 0.25])
    robustness = xr.Dataset(
        {
            "pft_share_chosen_global": ("pft", shares),
            "pft_share_all_global": ("pft", shares[::-1]),
        },
        coords={"pft": [2, 16]},
    )
    got = pft_table(robustness)
    assert got.pft.tolist() == ["EBF", "BSV"]
    assert got.all_cells.tolist() == [0.25, 0.75]


def test_types_of_each_region_one_row_a_pair():
    nothing = np.nan
    robustness = xr.Dataset(
        {
            "pft_share_chosen": (("region", "pft"), [[0.75, 0.25], [nothing, nothing]]),
            "pft_share_all": (("pft", "region"), [[0.4, 1.0], [0.6, 0.0]]),
        },
        coords={"region": ["USA", "OCE"], "pft": [2, 16]},
    )
    got = regional_pft_table(robustness).set_index(["region", "pft"])
    assert got.chosen[:, "EBF"]["USA"] == 0.75
    assert got.chosen["OCE"].isna().all()
    assert got.all_cells.to_dict() == {
        ("USA", "EBF"): 0.4,
        ("USA", "BSV"): 0.6,
        ("OCE", "EBF"): 1.0,
        ("OCE", "BSV"): 0.0,
    }
