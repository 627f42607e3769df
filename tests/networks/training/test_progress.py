"""What is read on a terminal of 80 columns, and without one."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from fluxprod.networks.training.progress import TrainingProgress

ROW = {
    "EC": {"l_EC": 1.2345, "s_EC": 0.0, "val_l_EC": 13.0},
    "EC-ATM": {
        "l_EC": 0.0001234, "l_ATM": 0.00123456, "s_EC": -9.98765, "s_ATM": -7.5,
        "val_l_EC": 1234.5, "val_l_ATM": 0.0000119,
    },
}  # fmt: skip


def _shown(name, done=None, terminal=True):
    """All that was printed, and the lines of the table at the end of it."""
    console = Console(
        file=io.StringIO(), width=80, force_terminal=terminal, color_system=None, record=True
    )
    with TrainingProgress(name, list(range(10)), 15000, done, console) as progress:
        for step in (14000, 14500):
            for fold in range(9):
                progress.show({"fold": fold, "step": step} | ROW[name])
        table = Console(width=80, color_system=None, file=io.StringIO(), record=True)
        table.print(progress.bars.get_renderable())
        member = SimpleNamespace(history=[{"fold": 0, "step": 14000} | ROW[name]], best_step=14000)
        progress.finish(0, member)
    return console.export_text(), table.export_text().splitlines()


def _values(line):
    """Words of a line, without its bar."""
    return line.translate(str.maketrans("━╸╺", "   ")).split()


@pytest.mark.parametrize("name", ["EC", "EC-ATM"])
def test_a_member_is_a_line_of_at_most_80_columns(name):
    _, lines = _shown(name)
    assert len(lines) == 2 + 10  # titles and folds: nothing wraps
    assert max(map(len, lines)) <= 80
    assert not any("…" in line for line in lines)


def test_ec_shows_its_losses_in_training_and_held_out():
    _, lines = _shown("EC")
    assert lines[0].split() == ["EC", "EC", "EC", "s", "time"]
    assert lines[1].split() == ["fold", "step", "train", "val", "EC", "left"]
    assert _values(lines[2])[:5] == ["0", "14500", "1.23", "13", "0"]


def test_ec_atm_shows_both_losses_twice_and_both_variances():
    _, lines = _shown("EC-ATM")
    assert lines[0].split() == ["EC-ATM", "EC", "EC", "ATM", "ATM", "s", "s", "time"]
    assert lines[1].split() == [
        "fold", "step", "train", "val", "train", "val", "EC", "ATM", "left",
    ]  # fmt: skip
    found = _values(lines[2])
    assert found[:8] == [
        "0", "14500", "1.2e-04", "1.23e+03", "0.00123", "1.2e-05", "-9.99", "-7.5",
    ]  # fmt: skip
    assert found[8].count(":") == 2


def test_a_resumed_fold_is_told_and_its_bar_starts_there():
    text, lines = _shown("EC-ATM", done={3: 450, 9: 15000})
    assert "EC-ATM fold 3: continues at step 450\n" in text
    assert _values(lines[-1])[:2] == ["9", "15000"]


def test_without_a_terminal_a_line_a_member():
    text, _ = _shown("EC-ATM", done={3: 450}, terminal=False)
    assert text.strip().splitlines() == [
        "EC-ATM fold 3: continues at step 450",
        "EC-ATM fold 0: best step 14000, l_EC 1234 l_ATM 1.19e-05",
    ]
