import pytest


def test_doctor_names_versions_and_device(run):
    result = run("doctor")
    assert result.exit_code == 0
    for word in ("torch", "device", "threads", "free disk", "free memory", "GiB"):
        assert word in result.stdout


@pytest.mark.parametrize("command", ["check", "pin", "verify", "list"])
def test_help_teaches_by_examples(run, command):
    result = run("raw", command, "--help")
    assert result.exit_code == 0
    assert f"fluxprod raw {command}" in result.stdout.partition("For example")[2]
    assert "\\b" not in result.stdout
