import pandas as pd
import pytest

from fluxprod.evaluation.study.page import CRITERIA, Study, criterion_text, mean_text, study_page

STUDY = Study(
    named="anchored",
    reference="EC",
    note="Nothing was tuned.",
    facts="Grid: 2 degrees.",
    variants={"EC": "without regions", "anchored": "`bridge.method: anchored`"},
    drivers={"paper": "as it stands"},
)


def row(seed, variant, **values):
    known = {"truth": -3.0, "inversions": -3.5, "iav_truth": 1.5, "iav": 0.5, "anomaly_r": 0.25}
    known |= {"site_means": 0.3, "site_days": 1.2}
    both = {"seed": seed, "drivers": "paper", "variant": variant, **known, "spread": 2.0}
    return both | {"removed_inversions": 0.5, "regions_better": 16, **values}


@pytest.fixture
def scores():
    ec = {"removed": 0.0, "abs_bias": 20.0, "abs_bias_ratio": 1.0}
    ec |= {"site_rmse": 1.3, "site_ratio": 1.0}
    with_regions = {"abs_bias": 8.0, "abs_bias_ratio": 0.4, "shift": 1.0, "post_hoc": 0.1}
    return pd.DataFrame(
        [
            row(31, "EC", sink=-23.0, **ec),
            row(31, "anchored", sink=-5.0, removed=0.9, site_rmse=1.3, site_ratio=1.0,
                **with_regions),
            row(32, "EC", sink=-13.0, **ec),
            row(32, "anchored", sink=-5.0, removed=0.8, site_rmse=1.43, site_ratio=1.1,
                **with_regions),
        ]
    )  # fmt: skip


def cells_of(page, *first):
    """Cells of the only row that begins with the given cells."""
    lines = [line for line in page.splitlines() if line.startswith("| " + " | ".join(first) + " |")]
    (line,) = lines
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_each_seed_and_the_mean(scores):
    page = study_page(STUDY, scores)
    header = cells_of(page, "score")
    assert header == ["score", "variant", "31", "32", "mean ± SD over seeds"]
    title = "global NEE ± spread of members [PgC yr⁻¹]"
    assert cells_of(page, title)[1:] == ["truth", "−3.00", "−3.00", "−3.00 ± 0.00"]
    assert "|  | EC | −23.00 ± 2.0 | −13.00 ± 2.0 | −18.00 ± 7.07 |" in page
    assert "| −5.00 ± 2.0 | −5.00 ± 2.0 | −5.00 ± 0.00 |" in page


def test_criteria_must_be_met_on_every_seed(scores):
    found = cells_of(study_page(STUDY, scores), "paper", "**anchored**")[2:]
    assert found == [
        "not met: 0.800 at worst, met on 1 of 2 seeds",
        "met: 0.400 at worst, met on 2 of 2 seeds",
        "not met: 1.100 at worst, met on 1 of 2 seeds",
    ]


def test_no_criterion_and_no_ratio_for_ec(scores):
    page = study_page(STUDY, scores)
    assert "| paper | EC |" not in page
    assert (
        cells_of(page, "share of the global bias against the truth that is removed")[1]
        == "anchored"
    )


@pytest.mark.parametrize(("value", "met"), [(0.85, True), (0.8499, False), (float("nan"), False)])
def test_the_limit_itself_meets_the_criterion(value, met):
    text = criterion_text(CRITERIA[0], pd.Series([value]))
    assert text.startswith("met" if met else "not met")


def test_variability_by_set_of_drivers(scores):
    other = scores.assign(drivers="anomalies", iav=scores.seed - 30.0)  # 1 and 2
    page = study_page(STUDY, pd.concat([scores, other], ignore_index=True))
    header = cells_of(page, "variant", "IAV, paper")
    assert header == ["variant", "IAV, paper", "R, paper", "IAV, anomalies", "R, anomalies"]
    assert cells_of(page, "truth", "1.50 ± 0.00")[1:] == ["1.50 ± 0.00", "–"] * 2
    assert cells_of(page, "EC", "0.50 ± 0.00")[3] == "1.50 ± 0.71"


def test_a_variant_absent_on_a_seed_leaves_a_dash(scores):
    page = study_page(STUDY, scores.iloc[:3])
    assert "| −5.00 ± 2.0 | – ± – | −5.00 |" in page


def test_the_page_describes_the_run(scores):
    page = study_page(STUDY, scores)
    for text in ("Seeds: 31, 32. Grid: 2 degrees.", "Nothing was tuned.", "**anchored**"):
        assert text in page
    assert "- `anchored`: `bridge.method: anchored`" in page


def test_ec_alone_has_a_page(scores):
    page = study_page(STUDY, scores[scores.variant == "EC"].assign(post_hoc=float("nan")))
    assert "|  | EC | −23.00 ± 2.0 |" in page
    assert "between bridge and integral" not in page


def test_one_value_has_no_spread():
    assert mean_text([-1.25], 2) == "−1.25"
