"""Errors of artificial Earths whose factors are known."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from fluxprod.evaluation.study.coverage_page import coverage_criterion_text, coverage_page
from fluxprod.evaluation.study.earths_coverage import bias_share, calibrated

ROOT = Path(__file__).parents[3]


def errors_of(seed, source, target, z, region="USA"):
    return pd.DataFrame(
        {"region": region, "error": z, "spread": 1.0, "z": z, "weight": 1.0, "seed": seed,
         "source": source, "target": target}
    )  # fmt: skip


@pytest.fixture
def errors():
    """Seed 1 is for calibration; seed 2 has errors half as large, seed 3 four times as large."""
    z = pd.Series(range(1, 101)) / 10  # 0.1 to 10: 68.27 % lie within 6.9
    parts = []
    for source in ("EC-ATM", "EC"):
        for target in ("totals", "cells"):
            for seed, factor in ((1, 1.0), (2, 0.5), (3, 4.0)):
                size = 3.0 if source == "EC" else 1.0
                parts.append(errors_of(seed, source, target, factor * size * z))
        parts += [errors_of(seed, source, "totals", 100 * z, "GLOBAL") for seed in (1, 2, 3)]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def result(errors):
    return calibrated(errors, [1], [2, 3])


def test_factors_depend_on_the_calibration_earths_alone(result, errors):
    factors = result.factors.set_index(["source", "target"])
    assert factors.factor["EC-ATM", "totals"] == pytest.approx(6.9)
    assert factors.factor["EC", "cells"] == pytest.approx(3 * 6.9)
    assert factors.factor_95["EC-ATM", "totals"] == pytest.approx(9.5 / 1.95996, abs=1e-4)
    assert set(factors.n) == {100}
    others = errors.assign(z=errors.z.where(errors.seed == 1, 7.0))
    again = calibrated(others, [1], [2, 3]).factors
    pd.testing.assert_frame_equal(again, result.factors)


def test_coverage_by_earth(result):
    own = result.earths.set_index(
        ["source", "target", "use", "seed", "region"]
    ).inflated_68.sort_index()
    at = own["EC-ATM", "totals"]
    assert at["calibrate", "1", "ALL"] == pytest.approx(0.69)
    assert at["report", "2", "ALL"] == 1.0  # up to 5
    assert at["report", "3", "ALL"] == pytest.approx(0.17)  # 6.8 of 40
    assert at["report", "all", "ALL"] == pytest.approx((1 + 0.17) / 2)
    assert at["report", "3", "GLOBAL"] == 0.0
    by_region = result.regions.set_index(["source", "target", "region"]).inflated_68
    assert by_region["EC-ATM", "totals", "USA"] == pytest.approx(0.585)


def test_bias_share_by_hand():
    # region 1: errors 1 and 3, mean 2, squares 1 and 9; region 2: errors 1 and -1, mean zero
    errors = pd.DataFrame(
        {"seed": 1, "region": ["USA", "USA", "BRA", "BRA"], "error": [1.0, 3.0, 1.0, -1.0]}
    )
    assert bias_share(errors) == pytest.approx(4 / (5 + 1))


def test_page(result):
    page = coverage_page(result, "Grid: 2 degrees.", "A test.")
    assert (
        "Seeds for calibration: 1. Seeds for evaluation: 2, 3.\nGrid: 2 degrees.\nA test." in page
    )
    assert "**not met, 58.5%** (11.0% as stated)" in page
    assert "| EC-ATM | annual totals of the 18 regions | 100 | 6.90 | 4.85 |" in page
    assert "| EC-ATM | annual totals of the 18 regions | 11 ± 13 | 58 ± 59 |" in page
    assert "nan" not in page


def test_params_hold_the_factors_of_the_page():
    """`make coverage` writes only the page; the parameters are set by hand."""
    page = (ROOT / "docs" / "coverage.md").read_text()
    factors = page.split("## Factors")[1].split("##")[0]
    held = yaml.safe_load((ROOT / "params.yaml").read_text())["evaluate"]
    of_model = [
        held[f"{kind}_inflation"][model]
        for model in held["regional_inflation"]
        for kind in ("regional", "cell")
    ]
    found = re.findall(r"\| \d+ \| ([\d.]+) \|", factors)
    assert [float(text) for text in found] == of_model


@pytest.mark.parametrize(("share", "verdict"), [(0.6, "met"), (0.76, "met"), (0.77, "not met")])
def test_criterion(result, share, verdict):
    text = coverage_criterion_text(result.earths.assign(inflated_68=share))
    assert f"**{verdict}, {share:.1%}**" in text
