"""Quantiles of the published per-site scores, against those that the authors printed."""

import numpy as np
import pandas as pd
import pytest

from fluxprod.benchmarks.comparison import as_markdown, as_texts, carbonfluxbench_table
from fluxprod.benchmarks.quantiles import QUARTILES, score_quantiles
from fluxprod.core.errors import DataError
from fluxprod.readers.benchmarks.site_scores import RUN, SCORES, read_site_scores
from tests.conftest import ROOT

FILE = "benchmarks/carbonfluxbench_nee_sites.csv"
# NEE with all features of ERA5-Land, printed by baselines/Results.ipynb of the public repository
# alexxxroz/CarbonFluxBench at commit ee17b99e (MIT): median, 25 % and 75 % of
# R2, RMSE [g C m-2 d-1], RAE and nMAE over 96 (IGBP) and 92 (Koppen) sites
PRINTED = """
IGBP ctgru 0.159 -0.368 0.359 1.588 0.982 2.099 0.907 0.757 1.220 2.111 1.348 4.345
IGBP ctlstm 0.207 -0.134 0.438 1.467 0.844 2.016 0.877 0.714 1.118 2.035 1.340 3.776
IGBP gru 0.150 -0.077 0.373 1.444 0.958 2.065 0.916 0.722 1.112 2.291 1.391 4.202
IGBP lstm 0.195 -0.199 0.435 1.545 0.816 2.108 0.872 0.727 1.093 2.123 1.284 4.182
IGBP patch_transformer 0.107 -0.214 0.318 1.564 0.936 2.124 0.901 0.767 1.151 2.250 1.415 4.139
IGBP tam-rl 0.216 -0.171 0.484 1.366 0.807 2.010 0.849 0.669 1.106 2.106 1.237 3.948
IGBP transformer 0.211 -0.052 0.424 1.454 0.868 2.027 0.853 0.716 1.047 2.010 1.343 3.929
Koppen ctgru 0.142 -0.214 0.392 1.425 1.095 2.074 0.932 0.758 1.118 2.616 1.314 6.008
Koppen ctlstm 0.265 -0.063 0.469 1.371 0.979 1.888 0.853 0.682 0.995 2.061 1.188 5.388
Koppen gru 0.228 -0.219 0.393 1.422 1.040 2.159 0.871 0.754 1.088 2.282 1.250 5.384
Koppen lstm 0.271 -0.120 0.425 1.434 1.027 2.159 0.844 0.735 1.036 2.250 1.186 5.628
Koppen patch_transformer 0.123 -0.199 0.305 1.570 1.028 2.117 0.898 0.781 1.078 2.453 1.328 6.208
Koppen tam-rl 0.243 -0.071 0.443 1.380 1.005 1.860 0.864 0.708 1.046 2.276 1.168 5.314
Koppen transformer 0.266 -0.031 0.479 1.322 0.968 1.825 0.822 0.692 1.007 2.272 1.155 5.518
"""
COLUMNS = [
    f"{score}_{level}"
    for score in ("R2", "RMSE", "RAE", "nMAE")
    for level in ("median", "q25", "q75")
]


@pytest.fixture(scope="module")
def quantiles(realdata):
    scores = read_site_scores(realdata / FILE)
    return score_quantiles(scores, RUN, SCORES, QUARTILES).set_index(list(RUN))


def test_the_printed_table_is_recomputed(quantiles):
    for line in PRINTED.strip().splitlines():
        split, model, *numbers = line.split()
        ours = quantiles.loc[(split, "full", model), COLUMNS].to_numpy(float)
        # printed with three decimals, of scores that the file holds with five
        np.testing.assert_allclose(ours, np.array(numbers, float), rtol=0, atol=0.00051)


def test_all_nine_models_are_there(quantiles):
    runs = quantiles.reset_index()
    assert runs.model.nunique() == 9
    assert dict(zip(runs.split_type, runs.sites)) == {"IGBP": 96, "Koppen": 92}
    features = runs.groupby("model").fs.agg(lambda fs: "/".join(sorted(set(fs))))
    assert set(features.drop(["LightGBM", "XGBoost"])) == {"full/minimal/standard"}
    assert set(features[["LightGBM", "XGBoost"]]) == {"minimal"}


def test_the_best_medians(quantiles):
    """As the page of the data set states them."""
    stated = {
        ("Koppen", "standard", "lstm"): 0.315,
        ("IGBP", "standard", "lstm"): 0.224,
        ("Koppen", "minimal", "LightGBM"): 0.283,
        ("IGBP", "minimal", "LightGBM"): 0.219,
        ("Koppen", "minimal", "XGBoost"): 0.16,
        ("IGBP", "minimal", "XGBoost"): 0.13,
    }
    for run, r2 in stated.items():
        assert quantiles.R2_median[run] == pytest.approx(r2, abs=0.005)
    best = quantiles.R2_median.groupby("split_type").max()
    assert best.round(3).to_dict() == {"IGBP": 0.224, "Koppen": 0.315}


def small(**changes):
    """Four sites of one run; scores are such that quartiles fall between sites."""
    table = {
        "site": ["A", "B", "C", "D"], "R2": [0.0, 0.4, -0.4, 0.8], "RMSE": [1.0, 2.0, 3.0, 4.0],
        "nMAE": [1.0, 1.0, 1.0, 5.0], "RAE": [0.5, 0.6, 0.7, 0.8],
        "target": "NEE_VUT_USTAR50", "model": "m", "split_type": "IGBP", "fs": "minimal",
    }  # fmt: skip
    return pd.DataFrame(table | changes)


def written(tmp_path, table):
    path = tmp_path / "scores.csv"
    table.to_csv(path, index=False)
    return path


def test_quantiles_by_hand(tmp_path):
    scores = read_site_scores(written(tmp_path, small()))
    row = score_quantiles(scores, RUN, SCORES, QUARTILES).iloc[0]
    assert row.sites == 4
    # between the sorted values -0.4, 0, 0.4, 0.8 at positions 0.75, 1.5 and 2.25
    assert [row.R2_q25, row.R2_median, row.R2_q75] == pytest.approx([-0.1, 0.2, 0.5])
    assert [row.RMSE_q25, row.RMSE_median, row.RMSE_q75] == pytest.approx([1.75, 2.5, 3.25])
    assert [row.nMAE_q25, row.nMAE_median, row.nMAE_q75] == pytest.approx([1.0, 1.0, 2.0])


def test_other_targets_do_not_count(tmp_path):
    table = pd.concat([small(), small(target="GPP_NT_VUT_USTAR50", R2=1.0)])
    assert len(read_site_scores(written(tmp_path, table))) == 4


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (small().drop(columns="fs"), "fs: found no such column"),
        (small(target="GPP"), "target: found GPP, expected NEE_VUT_USTAR50"),
        (small(R2=1.5), "R2: found 1.5 at A, expected -inf to 1"),
        (small(RMSE=[1.0, -2.0, 3.0, 4.0]), "RMSE: found -2 at B, expected 0 to inf"),
        (small(RAE=[1.0, None, 3.0, 4.0]), "RAE: found nan at B"),
        (small(R2=["high", 0, 0, 0]), "file: found unreadable content"),
        (small(site=["A", "B", "B", "D"]), "site: found B twice in IGBP minimal m"),
    ],
)
def test_a_wrong_table_is_one_line(tmp_path, table, message):
    with pytest.raises(DataError, match="scores.csv: ") as caught:
        read_site_scores(written(tmp_path, table))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_page_shows_the_table(realdata):
    """Print it again with ``fluxprod benchmark published FILE --markdown`` where it does not."""
    table = as_texts(carbonfluxbench_table(read_site_scores(realdata / FILE)))
    assert as_markdown(table, 3) in (ROOT / "docs/benchmarks.md").read_text()
