import pytest
import yaml

from tests.conftest import ROOT


def test_doctor_names_versions_and_device(run):
    result = run("doctor")
    assert result.exit_code == 0
    for word in ("torch", "device", "threads", "free disk", "free memory", "GiB"):
        assert word in result.stdout


@pytest.mark.parametrize(
    ("device", "found"),
    [("cuda", "found no CUDA device, expected one"), ("tpu", "found 'tpu', expected auto | cpu")],
)
def test_doctor_ends_where_the_device_is_not_there(run, monkeypatch, tmp_path, device, found):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert run("doctor").exit_code == 0  # no params.yaml asks for one
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["compute"]["device"] = device
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    result = run("doctor")
    assert result.exit_code == 1
    assert f"error: params.yaml: compute.device: {found}" in result.stderr
    assert "torch" in result.stdout


@pytest.mark.parametrize("text", ["", "- 1\n", "source: ours\n"])
def test_doctor_ignores_parameters_of_something_else(run, monkeypatch, tmp_path, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text(text)
    assert run("doctor").exit_code == 0


@pytest.mark.parametrize("command", ["check", "pin", "verify", "list"])
def test_help_teaches_by_examples(run, command):
    result = run("raw", command, "--help")
    assert result.exit_code == 0
    assert f"fluxprod raw {command}" in result.stdout.partition("For example")[2]
    assert "\\b" not in result.stdout
