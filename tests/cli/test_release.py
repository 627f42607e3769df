"""A release on a throw-away repository; a stub stands for the hours of the pipeline."""

import datetime
import json

import pytest
import yaml

from fluxprod.core.errors import DataError
from fluxprod.readers.citation import read_citation, read_software
from fluxprod.release.pipeline import Pipeline
from fluxprod.release.steps import assemble, prepare
from tests.cli.release_project import SLOTS, Project

DAY = "2026-12-24"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def release(project, version="0.2.0", day=DAY, pipeline=None):
    prepare(project.root, version, day, pipeline or project.pipeline)


def test_the_version_is_raised_everywhere(project):
    release(project)
    root = project.root
    assert 'version = "0.2.0"' in (root / "pyproject.toml").read_text()
    assert project.version == "0.2.0"
    citation, software = read_citation(root / "CITATION.cff"), read_software(root / "CITATION.cff")
    assert (citation.version, citation.released) == ("0.2.0", DAY)
    assert (software.version, software.released) == ("0.2.0", DAY)
    assert f"## [0.2.0] - {DAY}\n" in (root / "CHANGELOG.md").read_text()
    assert json.loads((project.product / "manifest.json").read_text())["version"] == "0.2.0"
    assert "--rev v0.2.0" in (root / "README.md").read_text()
    assert "nee_fluxprod-v0.2.0_2deg.nc" in (root / "docs" / "page.md").read_text()


def test_nothing_else_changes(project):
    before = {
        name: (project.root / name).read_text()
        for name in ("pyproject.toml", "params.yaml", "CITATION.cff", "CHANGELOG.md")
    }
    release(project)
    for name, text in before.items():
        old, new = text.splitlines(), (project.root / name).read_text().splitlines()
        assert len(old) == len(new)
        changed = [(a, b) for a, b in zip(old, new) if a != b]
        assert len(changed) == (4 if name == "CITATION.cff" else 1), name
        # comments stay
        assert all("#" not in a or a.startswith("## ") for a, _ in changed)


def test_commit_and_tag_are_made_and_the_tree_is_clean(project):
    release(project)
    assert project.git("log", "-1", "--format=%s") == "Release 0.2.0"
    assert project.git("rev-parse", "v0.2.0^{commit}") == project.git("rev-parse", "HEAD")
    assert project.git("cat-file", "-t", "v0.2.0") == "tag"  # --follow-tags pushes these alone
    assert project.git("status", "--porcelain") == ""
    assert "dvc.lock" in project.git("show", "--name-only", "--format=", "HEAD").split()
    assert project.calls == ["make", "check"]


def test_the_version_that_is_unreleased_can_be_released(project):
    release(project, "0.1.0")
    assert f"## [0.1.0] - {DAY}" in (project.root / "CHANGELOG.md").read_text()
    assert project.git("tag") == "v0.1.0"


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("0.0.9", "expected one above 0.1.0"),
        ("0.2", r"expected X\.Y\.Z"),
        ("v0.2.0", r"expected X\.Y\.Z"),
        ("0.2.0rc1", r"expected X\.Y\.Z"),
        ("00.2.0", r"expected X\.Y\.Z"),
    ],
)
def test_a_version_that_cannot_be_is_refused(project, version, found):
    with pytest.raises(DataError, match=found):
        release(project, version)
    untouched(project)


def untouched(project):
    assert project.calls == []
    assert project.git("status", "--porcelain") == ""
    assert project.git("log", "-1", "--format=%s") == "First"
    assert project.git("tag") == ""


def test_numbers_are_compared_not_letters(project):
    release(project, "0.9.0")
    first = f"## [0.9.0] - {DAY}"
    project.set("CHANGELOG.md", first, f"## [Unreleased]\n\n{first}")
    project.commit("Goes on")
    release(project, "0.10.0")
    assert project.git("tag").split() == ["v0.10.0", "v0.9.0"]


def test_what_is_released_is_not_released_again(project):
    release(project)
    with pytest.raises(DataError, match=r"\[Unreleased\]"):
        release(project, "0.3.0")
    project.set("CHANGELOG.md", "# Changelog\n", "# Changelog\n\n## [Unreleased]\n")
    project.commit("Goes on")
    with pytest.raises(DataError, match=r"version: found 0\.1\.5, expected one above 0\.2\.0"):
        release(project, "0.1.5")
    with pytest.raises(DataError, match="tag v0.2.0: found one at"):
        release(project, "0.2.0")


def test_a_tag_of_that_name_is_refused(project):
    project.git("tag", "v0.2.0")
    with pytest.raises(DataError, match="tag v0.2.0: found one at"):
        release(project)
    assert project.calls == []


def test_a_dirty_tree_is_refused(project):
    project.set("params.yaml", "seed: 20221", "seed: 5")
    (project.root / "new.txt").write_text("new")
    with pytest.raises(DataError, match=r"changes: found new\.txt, params\.yaml, expected none"):
        release(project)
    assert project.calls == []


def test_a_date_that_is_none_is_refused(project):
    with pytest.raises(DataError, match="DATE: date: found Christmas, expected YYYY-MM-DD"):
        release(project, day="Christmas")
    untouched(project)


@pytest.mark.parametrize("filled", ["email", "url"])
def test_the_real_earth_needs_people_who_can_be_asked(project, filled):
    project.set("params.yaml", "source: synthetic", "source: observed")
    project.set("CITATION.cff", SLOTS[filled], SLOTS[filled].replace("example.org", "mpg.de"))
    project.commit("One of two is filled in")
    with pytest.raises(DataError, match="expected an address that exists"):
        release(project)
    assert project.calls == []


def test_it_goes_on_after_a_failure_of_the_run(project):
    def broken():
        project.make()
        raise DataError("stage", "run", "a failure", "success")

    with pytest.raises(DataError, match="a failure"):
        release(project, pipeline=Pipeline(broken, project.check))
    assert project.git("log", "-1", "--format=%s") == "First"
    assert project.git("tag") == ""
    release(project)
    assert project.git("tag") == "v0.2.0"
    assert project.git("status", "--porcelain") == ""


def test_it_goes_on_after_a_failure_behind_the_commit(project, tmp_path_factory):
    release(project)
    project.git("tag", "-d", "v0.2.0")
    commit = project.git("rev-parse", "HEAD")
    release(project)
    release(project)
    assert project.git("rev-parse", "HEAD") == project.git("rev-parse", "v0.2.0^{commit}") == commit
    assert project.calls == ["make", "check", "check", "check"]
    out = tmp_path_factory.mktemp("out")
    folder = assemble(project.root, project.product, out)
    assert folder.name == "fluxprod-v0.2.0"


def test_changes_between_two_tries_are_not_swept_in(project):
    def broken():
        raise DataError("stage", "run", "a failure", "success")

    with pytest.raises(DataError, match="a failure"):
        release(project, pipeline=Pipeline(broken, project.check))
    project.set("params.yaml", "seed: 20221", "seed: 5")
    with pytest.raises(DataError, match=r"params\.yaml.*git checkout"):
        release(project)
    assert project.calls == []


def test_another_day_begins_anew(project):
    def broken():
        raise DataError("stage", "run", "a failure", "success")

    with pytest.raises(DataError, match="a failure"):
        release(project, pipeline=Pipeline(broken, project.check))
    with pytest.raises(DataError, match=r"CHANGELOG\.md, CITATION\.cff, .*git checkout"):
        release(project, day="2026-12-25")
    project.git("checkout", "--quiet", "--", ".")
    release(project, day="2026-12-25")
    assert "## [0.2.0] - 2026-12-25" in (project.root / "CHANGELOG.md").read_text()


def test_what_the_run_may_not_touch_stops_the_release(project):
    def meddling():
        project.make()
        (project.root / "README.md").write_text("other")

    with pytest.raises(DataError, match=r"changes: found README\.md"):
        release(project, pipeline=Pipeline(meddling, project.check))
    assert project.git("log", "-1", "--format=%s") == "First"


def test_a_broken_product_is_not_committed(project):
    def broken(product):
        raise DataError(product, "SHA-256", "another", "that of the manifest")

    with pytest.raises(DataError, match="SHA-256"):
        release(project, pipeline=Pipeline(project.make, broken))
    assert project.git("log", "-1", "--format=%s") == "First"


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("manifest.json", "version", "0.1.0"),
        ("manifest.json", "doi", "10.5281/zenodo.1"),
        ("datacite.json", "version", "0.1.0"),
        ("datacite.json", "doi", "10.5281/zenodo.1"),
    ],
)
def test_a_product_that_disagrees_is_not_committed(project, name, key, value):
    def stale():
        project.make()
        path = project.product / name
        path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))

    with pytest.raises(DataError, match=f"{name}: {key}: found {value}"):
        release(project, pipeline=Pipeline(stale, lambda product: None))
    assert project.git("log", "-1", "--format=%s") == "First"


def test_files_that_disagree_are_named(project):
    text = (project.root / "CITATION.cff").read_text()
    content = yaml.safe_load(text)
    content["license"] = "GPL-3.0-only"
    (project.root / "CITATION.cff").write_text(yaml.safe_dump(content))
    project.commit("Another licence")
    with pytest.raises(DataError, match=r"pyproject.toml: license: found MIT, expected GPL"):
        release(project)


def test_a_place_without_a_version_is_named(project):
    project.set("pyproject.toml", 'version = "0.1.0"', 'dynamic = ["version"]')
    project.commit("No version")
    with pytest.raises(DataError, match="pyproject.toml: version: found no version"):
        release(project)


def test_the_command_says_what_publishing_takes(run, project, monkeypatch):
    monkeypatch.chdir(project.root)
    monkeypatch.setattr("fluxprod.release.pipeline.PIPELINE", project.pipeline)
    done = run("release", "prepare", "0.2.0")
    assert done.exit_code == 0, done.output
    for words in ("git push --follow-tags", "dvc push", "release/fluxprod-v0.2.0", "git tag -d"):
        assert words in done.output
    today = datetime.date.today().isoformat()
    assert f"## [0.2.0] - {today}" in (project.root / "CHANGELOG.md").read_text()
    assert (project.root / "release/fluxprod-v0.2.0/ro-crate-metadata.json").exists()
    assert project.git("status", "--porcelain") == ""  # the folder is not git's
    assert project.git("remote") == ""


def test_the_folder_alone(run, project, monkeypatch):
    project.make()
    project.commit("Run")
    monkeypatch.chdir(project.root)
    monkeypatch.setattr("fluxprod.release.pipeline.PIPELINE", project.pipeline)
    done = run("release", "crate", "data/product", "--out", "release")
    assert done.exit_code == 0, done.output
    assert project.git("rev-parse", "HEAD") in done.output
    assert (project.root / "release/fluxprod-v0.1.0/ro-crate-metadata.json").exists()
    assert project.calls == ["make", "check"]
    (project.root / "new.txt").write_text("new")
    done = run("release", "crate")
    assert done.exit_code == 1
    assert "changes: found new.txt" in done.output


def test_a_misspelt_image_is_refused_before_the_run(run, project, monkeypatch):
    monkeypatch.chdir(project.root)
    monkeypatch.setattr("fluxprod.release.pipeline.PIPELINE", project.pipeline)
    done = run("release", "prepare", "0.2.0", "--container-digest", "fluxprod:latest")
    assert done.exit_code == 1
    assert "--container-digest: image: found fluxprod:latest" in done.output
    untouched(project)


def test_the_command_ends_with_one_line_and_status_1(run, project, monkeypatch):
    monkeypatch.chdir(project.root)
    done = run("release", "prepare", "0.0.1")
    assert done.exit_code == 1
    assert done.output.strip() == "error: VERSION: version: found 0.0.1, expected one above 0.1.0"
