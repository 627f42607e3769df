import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent


def test_citation_is_valid():
    program = shutil.which("cffconvert", path=Path(sys.executable).parent)
    done = subprocess.run(
        [program, "--validate", "--infile", ROOT / "CITATION.cff"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_versions_agree():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == version
    assert yaml.safe_load((ROOT / "params.yaml").read_text())["product"]["version"] == version
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()
