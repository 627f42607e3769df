"""Faults of params.yaml: one line each, all at once, before any work, and in plain words."""

import copy
import subprocess
import sys
from functools import cache

import pytest
import yaml

from fluxprod.core.errors import DataError
from fluxprod.core.settings_in_words import range_in_words
from fluxprod.params import read_params
from tests.test_parameters import PARAMS, fields, lines, with_value


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"forward": {"block": 4096, "blok": 1}},
            "params.yaml: forward.blok: found an unknown parameter, expected block; "
            "did you mean block?",
        ),
        ({"forward": {}}, "params.yaml: forward.block: found no value, expected a whole number"),
        ({"forward": None}, "params.yaml: forward: found no such block"),
        ({"forward": 7}, "params.yaml: forward: found 7, expected a block of parameters"),
        ({"forwrd": {}}, "params.yaml: forwrd: found an unknown block, expected one of"),
        ({"source": "real"}, "params.yaml: source: found 'real', expected one of synthetic"),
        ({"worlds.mars": {}}, "params.yaml: worlds.mars: found an unknown world, expected one of"),
        (
            {"forward.block": "many"},
            "params.yaml: forward.block: found 'many', expected a whole number from 1 to "
            "100 000 000 [d]",
        ),
        ({"forward.block": "1e4"}, "YAML reads a number with an exponent as text unless it is"),
        ({"forward.block": True}, "params.yaml: forward.block: found true, expected a whole"),
        ({"bridge.method": "exakt"}, "found 'exakt', expected lasso, anchored, sampled or exact"),
        ({"bridge.r2_threshold": 0}, "found 0, expected a number above 0 and at most 1 [1]"),
        ({"drivers.evi_radiation": "direct"}, "'direct', expected incoming or potential"),
        (
            {"drivers.msc_last_year": 2000},
            "msc_last_year 2000, which is before msc_first_year 2001",
        ),
        (
            {"drivers.msc_first_year": 2010},
            "drivers.msc_first_year: found 2010 to 2012, expected at least one of the 8 years",
        ),
        ({"inversions.rivers": "none"}, "found 'none', expected separate or adjusted"),
        ({"inversions.members": ["A", "A"]}, "which name one twice, expected"),
        ({"inversions.members": []}, "inversions.members: found [], expected a list of at least 1"),
        ({"report.title": ""}, "report.title: found '', expected text that is not empty"),
        ({"train.day_stride": 31}, "found 31, expected a whole number from 1 to 28 [d]"),
        ({"train.norm": 4}, "found 4, expected 1, 2 or 3"),
        ({"train.n_regions": 19}, "found 19, expected a whole number from 0 to 18 [1]"),
        (
            {"train.annual_term": True, "train.n_months": 5},
            "found annual_term with some regions or months alone, whereas it needs",
        ),
        (
            {"train.n_held_out_years": 8},
            "train.n_held_out_years: found 8, expected fewer than the 8 years 2001 to 2008",
        ),
        ({"bridge.n_cv_folds": 9}, "bridge.n_cv_folds: found 9, expected at most the 8 years"),
        ({"evaluate.regional_inflation": {"EC": 2.0}}, "must have a factor of EC-ATM"),
        ({"evaluate.cell_inflation": {"EC-ATM": 0.0}}, "found 0.0 (entry EC-ATM), expected a"),
        ({"evaluate.example_regions": ["BRA", "MOON"]}, "['MOON'], which are not among USA"),
        (
            {"vegetation.known_gaps": ["2001-02-30/2001-03-01"]},
            "which is not of the form YYYY-MM-DD/YYYY-MM-DD",
        ),
        ({"vegetation.known_gaps": ["2001-03-01/2001-02-01"]}, "ends before it begins"),
        ({"towers.window": 30}, "window 30, which is not an odd number of days"),
        ({"compute.scheduler": "cluster"}, "which is neither local nor PROTOCOL://HOST:PORT"),
        ({"worlds.synthetic.resolution": 7.0}, "resolution 7.0 does not divide 180 degrees"),
        ({"worlds.synthetic.last_year": 1999}, "last_year 1999, which is before first_year 2001"),
        (
            {"product.version": "1"},
            "params.yaml: product.version: found '1', expected text that matches ^",
        ),
        ({"coverage.report": [41]}, "must all be different"),
        ({"study.named": "best"}, "['best'], which are not among the variants"),
        (
            {"study.variants": {**PARAMS["study"]["variants"], "exact": {"bridge.methd": "exact"}}},
            "study.variants.exact: found bridge.methd, expected the dotted name of a parameter",
        ),
        (
            {"study.variants": {**PARAMS["study"]["variants"], "exact": {"bridge.method": "e"}}},
            "study.variants.exact: found bridge.method 'e', expected lasso",
        ),
    ],
)
def test_a_fault_is_one_line_that_says_what_to_write(change, expected):
    params = copy.deepcopy(PARAMS)
    for name, value in change.items():
        *path, key = name.split(".")
        tree = params
        for step in path:
            tree = tree[step]
        tree[key] = value
    (line,) = lines(params)
    assert expected in line


def test_all_faults_are_found_at_once():
    params = copy.deepcopy(PARAMS)
    params["forward"]["block"], params["train"]["norm"] = -7, 4
    del params["report"]["title"]
    found = lines(params)
    assert ["forward.block" in line for line in found].count(True) == 1
    assert len(found) == 3


def test_a_duplicate_key_is_named(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("forward:\n  block: 1\n  block: 2\n")
    with pytest.raises(
        DataError,
        match=r"params.yaml: file: found text that is not YAML .the key block appears twice",
    ):
        read_params(path)


@pytest.mark.parametrize("text", ["forward: [1", "- 1", ""])
def test_a_file_that_is_no_mapping_is_named(tmp_path, text):
    path = tmp_path / "params.yaml"
    path.write_text(text)
    with pytest.raises(DataError, match=r"params.yaml: file: .* a YAML file of parameters"):
        read_params(path)


def test_a_fault_of_any_block_stops_a_stage_before_its_work(tmp_path):
    """A stage that reads nothing of the report still refuses a file whose report is wrong."""
    params = with_value("train", "norm", 4) | {"report": {"titel": "A run"}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    command = ["fluxprod.stages.geography", "--modis", "m", "--regions", "r", "--geography", "g.nc"]
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert [line.split(": found")[0] for line in done.stderr.splitlines()] == [
        "geography: params.yaml: train.norm",
        "geography: params.yaml: report.title",
        "geography: params.yaml: report.titel",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["params.yaml"]


@cache
def _ranges():
    return {f"{name}.{key}": range_in_words(field) for name, key, field in fields()}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("train.final_learning_rate", "a number from 0 to 1 or null"),
        ("towers.partitioning_quantile", "a number of at least 0 and below 0.5"),
        ("train.annual_term", "true or false"),
        ("coverage.calibrate", "a list, each entry a whole number from 0 to 4 294 967 295"),
        ("evaluate.cell_inflation", "a mapping, each value a number above 0 and at most 1 000"),
        ("report.title", "text"),
    ],
)
def test_ranges_are_said_in_words(name, words):
    assert _ranges()[name] == words
