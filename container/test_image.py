import os
import re
import subprocess
import time

import pytest

from container.conftest import ALL, RESTRICTIONS, step
from container.engine import LABEL

TINY = "s/resolution: 2.0/resolution: 6.0/; s/last_year: 2008/last_year: 2004/"


def test_the_image_holds_what_git_tracks(fluxprod, checkout):
    tracked = subprocess.check_output(["git", "-C", checkout, "ls-files"], text=True)
    assert fluxprod("git", "ls-files").text == tracked
    assert fluxprod("git", "status", "--short").text == ""
    places = "/opt/fluxprod /opt/venv/lib/*/site-packages/fluxprod"
    found = fluxprod("bash", "-c", f"find {places} -name secret.txt -o -name errors.py")
    assert len(found.text.split()) == 2  # no secret


def test_without_the_git_index_nothing_is_built(build, image, checkout):
    """As in a worktree, whose .git is a file."""
    index = checkout / ".git" / "index"
    away = index.rename(index.with_name("away"))
    try:
        with pytest.raises(AssertionError, match="fluxprod: build in a clone"):
            build(f"{image}-unknown")
    finally:
        away.rename(index)


@pytest.mark.parametrize("name", RESTRICTIONS)
def test_programs_start_under_each_restriction(fluxprod, name):
    command = "fluxprod doctor && dvc status geography"
    outcome = fluxprod("bash", "-c", command, options=RESTRICTIONS[name])
    assert re.search(r"device\s+│ \S", outcome.text)
    assert "data/reference/earth" not in outcome.text  # exists and has the hash in dvc.lock
    assert "verified/modis.json" in outcome.text  # does not exist


def test_stages_run_under_all_restrictions(fluxprod):
    """Make the raw files of a coarse Earth and check what their folder contains."""
    with step("stages on a coarse Earth"):
        outcome = fluxprod("bash", "-c", f"sed -i '{TINY}' params.yaml && dvc repro synthesize")
    assert "wrote data/raw/synthetic, data/truth/synthetic" in outcome.text
    checked = fluxprod("raw", "check", "data/raw/synthetic", ok=False)
    assert re.search(r"era5 +era5 +present", checked.text)
    changed = fluxprod("git", "diff", "--name-only").text.split()
    assert changed == ["dvc.lock", "params.yaml"]


def test_other_arguments_go_to_fluxprod(fluxprod):
    outcome = fluxprod("verify", "data/reference", ok=False)
    assert outcome.status == 1
    assert "manifest.json" in outcome.text
    assert "No such command 'nonsense'" in fluxprod("nonsense", ok=False).text


def test_cuda_without_a_gpu_is_refused_before_any_stage(fluxprod):
    fluxprod("bash", "-c", "sed -i 's/device: auto/device: cuda/' params.yaml")
    outcome = fluxprod(ok=False)
    assert outcome.status == 1
    last = outcome.text.splitlines()[-1]
    assert last == (
        "error: params.yaml: compute.device: found no CUDA device, expected a CUDA device; "
        "set it to auto or cpu"
    )
    assert "synthesize" not in outcome.text


def test_files_in_an_empty_folder_belong_to_its_owner(fluxprod, folder):
    mine, me = folder / "mine", os.geteuid() or 4321
    mine.mkdir()
    if not os.geteuid():
        os.chown(mine, me, me)
    fluxprod("dvc", "stage", "list", where=mine, options=(*ALL, f"--user={me}:{me}"))
    assert (mine / "dvc.yaml").stat().st_uid == me


def test_a_checkout_of_another_user_is_used(fluxprod, checkout):
    """A clone that belongs to root, used by someone who may read it."""
    head = subprocess.check_output(["git", "-C", checkout, "rev-parse", "HEAD"], text=True)
    assert fluxprod("git", "rev-parse", "HEAD", where=checkout).text == head


def test_a_workspace_that_cannot_be_used_is_reported(docker, image, fluxprod, folder):
    other = folder / "other"
    other.mkdir(mode=0o777)
    other.chmod(0o777)
    (other / "letter.txt").touch()
    outcome = fluxprod(ok=False, where=other)
    assert outcome.status == 2
    assert outcome.text.startswith("fluxprod: /workspace cannot be used: it must be empty or")
    outcome = docker("run", "--rm", "--label", LABEL, *ALL, image, ok=False)
    assert outcome.status == 2
    assert outcome.text.startswith("fluxprod: /workspace cannot be used: mount a folder")
    assert docker("run", "--rm", "--label", LABEL, *ALL, image, "verify", "--help").status == 0


def test_docker_stop_ends_a_run(docker, image, volume):
    """Status 143 means that SIGTERM ended it, 137 that it had to be killed."""
    how = ("--detach", "--label", LABEL, *ALL, "--volume", f"{volume}:/workspace")
    run = docker("run", *how, image).text.strip()
    limit = time.monotonic() + 600
    while "> python -m fluxprod.stages.synthesize" not in docker("logs", run).text:
        assert time.monotonic() < limit
        time.sleep(0.5)
    docker("stop", "--time", "60", run)
    assert docker("inspect", "--format", "{{.State.ExitCode}}", run).text.strip() == "143"


def test_editing_the_source_installs_no_dependencies(docker, build, image, checkout):
    module = checkout / "fluxprod" / "core" / "errors.py"
    module.write_text(module.read_text() + "# edited\n")
    try:
        with step("image, after an edit"):
            log = build(f"{image}-edited")
    finally:
        subprocess.run(["git", "-C", checkout, "checkout", "--quiet", "."], check=True)
        docker("image", "rm", "--force", f"{image}-edited", ok=False)
    (number,) = re.findall(r"^#(\d+) .*RUN .*python3 -m venv", log, re.MULTILINE)
    assert f"#{number} CACHED" in log
