"""The same product from the image and from the commands of the README in a bare container."""

import os
import re
import subprocess

import pytest
import yaml

from container.base_image import ROOT
from container.conftest import step
from container.engine import LABEL, RUN

WHOLE = 3 * 3600.0  # s, allowed for a complete run on a slow machine
BARE = """
FROM {base}
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-venv git make
"""
# The stages before training give the same bytes on every processor.
EXACT = {
    "synthesize", "verify_raw", "geography", "towers", "climate", "vegetation", "drivers",
    "inversions", "bridge",
}  # fmt: skip

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def bare(docker, base, folder):
    """An image with Python, git and make on the base image."""
    (folder / "bare").mkdir()
    (folder / "bare" / "Dockerfile").write_text(BARE.format(base=base))
    name = f"localhost/fluxprod:bare-{RUN}"
    with step("Python, git and make on the base image"):
        docker("build", "--network=host", "--tag", name, folder / "bare")
    yield name
    docker("image", "rm", "--force", name, ok=False)


@pytest.fixture(scope="module")
def by_readme(docker, bare, checkout, folder):
    """A clone in which the two commands of the README ran, without network, from wheels."""
    clone = folder / "readme"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    text = (clone / "README.md").read_text()
    block = re.search(r"^## Make it$.*?^```sh$(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1]
    commands = [line.partition("#")[0].strip() for line in block.strip().splitlines()]
    assert commands == ["make product", "make test"]
    who = (f"--user={os.geteuid()}:{os.getegid()}", "--env=HOME=/tmp", "--env=USER=reader")
    how = ("--init", "--rm", "--label", LABEL, "--network=none", "--workdir=/fluxprod", *who)
    places = (f"--volume={clone}:/fluxprod", f"--volume={checkout}/build/wheels:/wheels:ro")
    packages = ("--env=PIP_NO_INDEX=1", "--env=PIP_FIND_LINKS=/wheels")
    for command in commands:
        with step(f"{command}, in a bare container"):
            docker("run", *how, *places, *packages, bare, *command.split(), timeout=WHOLE)
    return clone


def outputs(lock):
    """Hashes in ``dvc.lock`` of all outputs of stages with the same bytes everywhere."""
    stages = yaml.safe_load(lock)["stages"].items()
    exact = [stage for name, stage in stages if name.split("@")[0] in EXACT]
    return {out["path"]: out["md5"] for stage in exact for out in stage.get("outs", ())}


def test_the_image_and_the_readme_give_the_same_product(fluxprod, by_readme):
    with step("the product, in the image"):
        outcome = fluxprod(timeout=WHOLE)
    assert "product: /workspace/data/product\n" in outcome.text
    assert "report: /workspace/data/evaluation/report.html\n" in outcome.text
    assert "No volume" not in outcome.text
    made = outputs(fluxprod("bash", "-c", "cat dvc.lock").text)
    assert made == outputs((ROOT / "dvc.lock").read_text())
    assert len(made) > len(EXACT)
    listed = fluxprod("bash", "-c", "find data/product -type f | sort | xargs sha256sum").text
    files = sorted(path for path in (by_readme / "data" / "product").rglob("*") if path.is_file())
    here = subprocess.check_output(
        ["sha256sum", *(path.relative_to(by_readme) for path in files)], cwd=by_readme, text=True
    )
    assert sorted(listed.splitlines()) == sorted(here.splitlines())
    assert len(files) > 20
    fluxprod("verify", "data/product")
    with step("the product again, nothing to do"):
        fluxprod()
