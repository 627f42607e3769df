"""A study of one tiny Earth, interrupted and resumed."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.errors import DataError
from fluxprod.experiments import study
from fluxprod.experiments.settings import StudySettings
from fluxprod.experiments.steps import make, missing_steps
from fluxprod.params import block, read_params

ROOT = Path(__file__).parents[2]
LOCAL = ComputeSettings(scheduler="local", device="cpu", threads=1, processes=1)
TINY = {
    "worlds": {"synthetic": {"resolution": 6.0, "first_year": 2001, "last_year": 2003}},
    "towers": {"min_days": 60, "n_folds": 2},
    "bridge": {"n_clusters": 5, "n_cv_folds": 3},
    "train": {"batch": 2000, "steps": 40, "validate_every": 20, "n_held_out_years": 1},
}
PLAN = {
    "seeds": [31],
    "named": "lasso",
    "note": "A test.",
    "drivers": {"paper": {}},
    "variants": {"EC": {}, "lasso": {"bridge.method": "lasso"}},
    "unconstrained": ["EC"],
    "only_under": {},
}


def write_plan(folder, **changes):
    (folder / "study.yaml").write_text(yaml.safe_dump({"study": PLAN | changes}, sort_keys=False))


def call(**flags):
    study.main(
        study=Path("study.yaml"), out=Path("study"), doc=Path("study.md"), compute=LOCAL, **flags
    )


def steps_of(folder, **changes):
    """List the stages that a changed study would run."""
    plan = block({"study": PLAN | changes}, StudySettings)
    params = read_params() | {"source": "synthetic"}
    names = list(plan.variants)
    models = [m for s in plan.seeds for m in study.planned_models(plan, params, s, names, folder)]
    return [step.stage for step in missing_steps(s for m in models for s in m.steps.values())]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Folder of a study that was interrupted while training lasso, and the stages of its 3 runs."""
    folder = tmp_path_factory.mktemp("study")
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["worlds"] |= TINY["worlds"]
    for name in ("towers", "bridge", "train"):
        params[name] |= TINY[name]
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    shutil.copy(ROOT / "dvc.yaml", folder)
    (folder / "fluxprod").symlink_to(ROOT / "fluxprod")
    (folder / "data").mkdir()
    (folder / "data" / "reference").symlink_to(ROOT / "data" / "reference")
    write_plan(folder)
    ran = [[], [], []]

    def recorded(number, breaks=False):
        def run(step, compute):
            if breaks and step.stage == "train" and "bridge" in str(step.reads["bridge"].parent):
                raise KeyboardInterrupt
            make(step, compute)
            ran[number].append(step.stage)

        return run

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(study, "make", recorded(0, breaks=True))
        with pytest.raises(KeyboardInterrupt):
            call()
        assert not (folder / "study.md").exists()
        for number in (1, 2):
            patch.setattr(study, "make", recorded(number))
            call()
        yield folder, ran


def test_every_stage_ran_once(world):
    _, (first, second, third) = world
    assert first == [
        "synthesize", "geography", "towers", "climate", "vegetation", "inversions", "bridge",
        "drivers", "train", "forward",
    ]  # fmt: skip
    assert second == ["train", "forward"]
    assert third == []


def test_no_large_files_remain(world):
    folder, _ = world
    assert not list(folder.glob("study/seed_31/*/raw"))
    assert not list(folder.glob("study/seed_31/*/nee.zarr"))
    assert (next(folder.glob("study/seed_31/synthesize-*")) / "truth" / "truth.nc").exists()


def test_a_change_reruns_what_it_affects(world):
    folder, _ = world
    out = folder.relative_to(folder) / "study"
    assert steps_of(out) == []
    longer = {"EC": {}, "lasso": {"bridge.method": "lasso", "train.steps": 60}}
    assert steps_of(out, variants=longer) == ["train", "forward"]
    other = {"EC": {}, "lasso": {"bridge.seed": 5}}
    assert steps_of(out, variants=other) == ["synthesize", "bridge", "train", "forward"]
    sets = {"paper": {}, "dry": {"drivers.awc_upper": 50.0}}
    assert steps_of(out, drivers=sets).count("drivers") == 1
    assert len(steps_of(out, seeds=[31, 32])) == 12


def test_the_truth_is_the_sum_over_the_map(world):
    folder, _ = world
    truth = xr.open_dataset(next(folder.glob("study/seed_31/synthesize-*/truth/truth.nc")))
    days = truth.time.dt.days_in_month
    whole = (truth.NEE_month * truth.cell_area * truth.land_fraction * days).sum().item()
    table = pd.read_csv(folder / "study" / "scores.csv").set_index("variant")
    assert table.truth["EC"] == pytest.approx(whole / 1e15 / 3, abs=1e-4)


def test_years_of_cells_are_the_sum_of_their_months(world):
    folder, _ = world
    for path in folder.glob("study/seed_31/forward-*/totals.nc"):
        totals = xr.open_dataset(path)
        days = totals.time.dt.days_in_month
        yearly = (totals.NEE_mean * days).groupby("time.year").sum()
        assert np.allclose(totals.NEE_year_mean, yearly.T, atol=1e-3)
        assert (totals.NEE_year_spread > 0).all()


def test_scores_agree_with_their_files(world):
    folder, _ = world
    scores = pd.read_csv(folder / "study" / "scores.csv").set_index("variant")
    assert scores.n_members.tolist() == [2, 2]
    for name in ("EC", "lasso"):
        files = folder / "study" / "scores"
        yearly = pd.read_csv(files / f"31_paper_{name}_annual.csv")
        globe = yearly[yearly.region == "GLOBAL"]
        assert scores.sink[name] == pytest.approx(globe.model.mean(), abs=1e-3)
        inside = yearly[yearly.region != "GLOBAL"].groupby("region")[["model", "truth"]].mean()
        gap = np.abs(inside.model - inside.truth).sum()
        assert scores.abs_bias[name] == pytest.approx(gap, abs=1e-3)
        assert len(pd.read_csv(files / f"31_paper_{name}_regions.csv")) == 19
    assert np.isnan(scores["shift"]["EC"])
    assert 0 < scores["shift"]["lasso"] < 2


def test_ec_by_itself_has_all_columns(world):
    folder, _ = world
    plan, params = block({"study": PLAN}, StudySettings), read_params() | {"source": "synthetic"}
    models = study.planned_models(plan, params, 31, ["EC", "lasso"], Path("study"))
    ec, lasso = (study.scored_models(model, folder / "again")[0] for model in models)
    assert set(ec) == set(lasso)


def test_the_page_holds_the_numbers(world):
    folder, _ = world
    page = (folder / "study.md").read_text()
    scores = pd.read_csv(folder / "study" / "scores.csv").set_index("variant")
    assert f"{scores.site_rmse['EC']:.3f}" in page
    assert "Grid: 6 degrees. Years: 2001 to 2003. Folds: 2. Steps: 40.\nA test." in page
    assert "| paper | **lasso** | " in page


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        ({"only": "31,99"}, r"study.seeds: found \['99'\], expected \[31\]"),
        ({"variants": "laso"}, r"study.variants: found \['laso'\], expected \['EC', 'lasso'\]"),
    ],
)
def test_an_unknown_choice_is_named(world, flags, found):
    with pytest.raises(DataError, match=rf"^study.yaml: {found}"):
        call(**flags)


def test_a_misspelt_change_is_named(world):
    folder, _ = world
    with pytest.raises(DataError, match="study.variants.lasso: found bridge.metod, expected"):
        steps_of(folder, variants={"EC": {}, "lasso": {"bridge.metod": "lasso"}})


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"seeds": [31, 31]}, r"seeds \[31, 31\], which must all be different"),
        ({"named": "anchored"}, r"\['anchored'\], which are not among the variants"),
        ({"unconstrained": []}, r"study.unconstrained: found \[\], expected a list"),
        ({"only_under": {"lasso": ["wet"]}}, r"\['wet'\], which are not among the sets of drivers"),
        ({"only_under": {"EC": ["paper"]}}, "EC, which must run under all sets of drivers"),
    ],
)
def test_an_impossible_plan_is_named(changes, found):
    with pytest.raises(DataError, match=found):
        block({"study": PLAN | changes}, StudySettings)


def test_some_variants_run_under_some_drivers():
    sets = {"paper": {}, "other": {"drivers.alpha": 0.5}}
    plan = block(
        {"study": PLAN | {"drivers": sets, "only_under": {"lasso": ["paper"]}}}, StudySettings
    )
    assert plan.variants_under("paper") == ["EC", "lasso"]
    assert plan.variants_under("other") == ["EC"]


def test_changes_are_written_as_in_yaml():
    sets = {"paper": {}, "other": {"towers.min_qc": 0.5, "drivers.anomalies": True}}
    plan = block({"study": PLAN | {"drivers": sets}}, StudySettings)
    about = study.study_page_of(plan, read_params(), ["EC", "lasso"])
    assert about.variants == {"EC": "without regions", "lasso": "`bridge.method: lasso`"}
    assert about.drivers == {
        "paper": "as it stands", "other": "`towers.min_qc: 0.5`, `drivers.anomalies: true`",
    }  # fmt: skip
