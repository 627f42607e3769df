import io

import numpy as np
import pandas as pd

from fluxprod.evaluation.tables.site_density import (
    density,
    density_by,
    in_order,
    parts,
    with_scores,
)


def test_density_counts_every_day_once():
    observed = np.array([0.1, 0.2, -40.0, np.nan])
    counts = density(observed, {"EC": np.array([0.1, 0.1, 0.1, 0.1])})
    assert counts["count"].sum() == 3
    assert counts["count"].max() == 2  # 0.1 and 0.2 fall into the bin from 0 to 0.25
    assert counts.observed.min() == -14.875  # what lies outside is drawn at the edge


def test_groups_share_out_the_days():
    observed = np.array([0.1, 0.2, 0.3])
    bins = density_by("igbp", np.array(["GRA", "ENF", "GRA"]), observed, {"EC": observed}, 0.5)
    assert bins.groupby("igbp")["count"].sum().to_dict() == {"ENF": 1, "GRA": 2}
    assert bins.modelled.tolist() == [0.25, 0.25]  # 0.1 and 0.3 share a bin from 0 to 0.5


def test_both_kinds_of_rows_come_back_from_one_file():
    bins = density(np.array([0.1, 0.2]), {"EC": np.array([0.1, 0.2])})
    scores = pd.DataFrame({"model": ["EC"], "n_days": [2], "RMSE": [np.nan]})
    text = with_scores(bins, scores).to_csv(index=False)
    assert "2.0" not in text  # whole numbers stay whole
    again = parts(pd.read_csv(io.StringIO(text)))
    assert again.bins["count"].tolist() == [2]
    assert again.scores.n_days.tolist() == [2]


def test_land_covers_in_the_order_of_igbp_then_unknown_ones():
    assert in_order(pd.Series(["CRO", "???", "ENF", "CRO"])) == ["ENF", "CRO", "???"]
