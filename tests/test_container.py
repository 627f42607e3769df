"""Tests of the image that need no engine; `make container-test` runs the others."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time

import pytest

from tests.conftest import ROOT

RUN = ROOT / "container" / "run"


@pytest.fixture
def image(tmp_path):
    """Files of the image, and stand-ins for its programs that print their arguments."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("fluxprod", "dvc"):
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*"\n')
        (programs / name).chmod(0o755)
    repository = tmp_path / "repository"
    (repository / ".dvc").mkdir(parents=True)
    (repository / ".dvc" / "config").write_text("[core]\n")
    (repository / "dvc.yaml").write_text("stages: {}\n")
    return tmp_path


@pytest.fixture
def started(image):
    """``started(words)`` starts the entry point in an empty workspace; it ends with the test."""
    (image / "workspace").mkdir()
    path = f"{image / 'bin'}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "FLUXPROD_REPOSITORY": str(image / "repository")}
    begun = []

    def start(*words, **more):
        begun.append(
            subprocess.Popen(
                ["bash", RUN, *words],
                cwd=image / "workspace",
                env=env | more,
                text=True,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        )
        return begun[-1]

    yield start
    for process in begun:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)


@pytest.fixture
def call(started):
    """``call(words)`` returns status, output and errors of the entry point."""

    def run(*words, **more):
        process = started(*words, **more)
        out, errors = process.communicate(timeout=60)
        return process.returncode, out, errors

    return run


def test_without_arguments_the_product_is_made_and_located(call, image):
    status, out, _ = call()
    here = image / "workspace"
    assert status == 0
    assert out.splitlines()[:4] == [
        "fluxprod doctor",
        "dvc repro report regional_history",
        f"product: {here}/data/product",
        f"report: {here}/data/evaluation/report.html",
    ]
    assert out.splitlines()[4].startswith(f"No volume is mounted on {here}")
    assert (here / "dvc.yaml").exists()
    assert (here / ".dvc").is_dir()


def test_targets_are_those_of_make_product(call):
    recipe = re.search(r"^product:.*\n\t.*\n\t(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe[1] in call()[1].splitlines()


@pytest.mark.parametrize("words", [("doctor",), ("raw", "check", "a b"), ("verify", "product")])
def test_arguments_go_to_fluxprod(call, words):
    assert call(*words)[:2] == (0, f"fluxprod {' '.join(words)}\n")


def test_programs_are_called_by_name(call):
    assert call("bash", "-c", "echo $((6 * 7))")[:2] == (0, "42\n")
    assert call("dvc", "status")[:2] == (0, "dvc status\n")


def test_a_failing_doctor_ends_the_run(call, image):
    (image / "bin" / "fluxprod").write_text("#!/bin/sh\necho no device >&2\nexit 1\n")
    assert call() == (1, "", "no device\n")


def test_a_failing_run_passes_on_its_status_and_locates_no_product(call, image):
    (image / "bin" / "dvc").write_text("#!/bin/sh\nexit 7\n")
    assert call() == (7, "fluxprod doctor\n", "")


def stand_in(image, program, script):
    """Replace a program by a script, in which ``$real`` is the program."""
    file = image / "bin" / program
    file.write_text(f"#!/bin/bash\nreal={shutil.which(program)}\n{script}\n")
    file.chmod(0o755)


def wait_for(condition):
    """Wait until a condition holds."""
    limit = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)


def files(folder):
    """Text of each file in a folder, by its path in the folder."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder): path.read_text() for path in paths}


KILL = "kill -KILL 0"  # the whole process group
KILLS = {
    "copying": ("cp", f'$real "$@"; rm "${{@: -1}}/dvc.yaml"; {KILL}'),
    "copied": ("mv", KILL),
    "one moved": ("mv", f'[ "$1" = -t ] || exec $real "$@"; $real -t . "$3"; {KILL}'),
    "all moved": ("rm", f'[ "$1" = -r ] || exec $real "$@"; $real -r .filling/*; {KILL}'),
}


@pytest.mark.parametrize("when", KILLS)
def test_the_next_run_recovers_from_a_kill_while_the_workspace_is_filled(call, image, when):
    program, script = KILLS[when]
    stand_in(image, program, script)
    assert call()[0] == -signal.SIGKILL
    assert (image / "workspace" / ".filling").exists()
    (image / "bin" / program).unlink()
    assert call()[0] == 0
    assert files(image / "workspace") == files(image / "repository")
    assert not (image / "workspace" / ".filling").exists()


def test_of_two_simultaneous_runs_one_fills_and_the_other_waits(started, image):
    log = image / "log"
    log.touch()
    stand_in(image, "flock", f'echo lock >> {log}; exec $real "$@"')
    copy = f"echo copy >> {log}; until [ -e {image}/go ]; do sleep 0.05; done"
    stand_in(image, "cp", f'{copy}; exec $real "$@"')
    both = [started("bash", "-c", "cat dvc.yaml") for _ in range(2)]
    wait_for(lambda: sorted(log.read_text().split()) == ["copy", "lock", "lock"])
    (image / "go").touch()
    assert [process.communicate(timeout=60) for process in both] == [("stages: {}\n", "")] * 2
    assert log.read_text().split().count("copy") == 1
    assert files(image / "workspace") == files(image / "repository")


def test_dvc_reads_from_the_terminal(started, image):
    """``docker run -it`` provides a terminal; here ``script`` does."""
    stand_in(image, "dvc", 'read -r word; echo "read $word"')
    terminal = started("bash", "-c", f"echo yes | script --quiet --command 'bash {RUN} dvc' x")
    assert "read yes" in terminal.communicate(timeout=60)[0]


def test_unrelated_files_are_left_alone(call, image):
    (image / "workspace" / "letter.txt").touch()
    status, _, errors = call()
    assert status == 2
    assert "must be empty or a checkout of fluxprod, but it has no dvc.yaml" in errors
    assert [path.name for path in (image / "workspace").iterdir()] == ["letter.txt"]


def test_a_missing_folder_for_temporary_files_is_reported(call):
    status, _, errors = call("doctor", TMPDIR="/nowhere")
    assert status == 2
    assert errors.startswith("fluxprod: /nowhere cannot be used")


def test_it_ends_after_the_stage_has_cleaned_up(started, image):
    """As with `docker stop`: DVC ends at once, but the stage that it started a little later."""
    (image / "bin" / "dvc").write_text(
        "#!/bin/bash\n"
        'bash -c \'trap "sleep 1; touch tidy; exit" TERM; touch begun;'
        " while true; do sleep 0.1; done' &\nwait\n"
    )
    process = started("dvc", "repro")
    wait_for((image / "workspace" / "begun").exists)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert (image / "workspace" / "tidy").exists()


def test_the_build_context_is_what_git_tracks():
    """Each line of .gitignore has a counterpart in .dockerignore, with patterns from the root."""
    ours = set((ROOT / ".dockerignore").read_text().splitlines())
    for line in (ROOT / ".gitignore").read_text().splitlines():
        pattern = line.removeprefix("!").strip("/")
        as_docker = {pattern, f"**/{pattern}"}
        assert as_docker & {each.removeprefix("!") for each in ours}, line
    assert ".git/*" in ours


def test_dependencies_are_those_of_pyproject_under_constraints():
    """The Dockerfile itself names no Python package."""
    text = (ROOT / "Dockerfile").read_text()
    assert "project['dependencies']" in text
    for command in re.findall(r"pip install (.*?)(?:\n[A-Z#]|\Z)", text, re.DOTALL):
        assert "--constraint /pins/constraints.txt" in command or "--no-deps" in command
    assert re.search(r"^ARG BASE_IMAGE=debian:bookworm-slim$", text.partition("\nFROM")[0], re.M)
