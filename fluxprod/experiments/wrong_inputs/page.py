"""docs/wrong-inputs.md."""

from collections.abc import Sequence

from fluxprod.evaluation.study.page import markdown_table
from fluxprod.experiments.wrong_inputs.trial import Trial

OUTCOMES = {
    "stop": "stops",
    "warn": "warns",
    "unseen": "passes unseen",
    "crash": "ends in an error",
}
LONGEST = 240  # characters of a line

INTRODUCTION = """\
# Wrong inputs, and where the pipeline notices them

`make wrong-inputs` writes this page. It makes a small synthetic Earth (4 degrees, 2003 to 2006),
makes one mistake at a time in a copy of its raw files, as a user or a provider could, and runs
`fluxprod raw check` and the stages until one of them stops or warns.
"""


def wrong_inputs_page(trials: Sequence[Trial], sink: float, untouched: dict[int, list[str]]) -> str:
    """Write the page.

    Parameters
    ----------
    trials : sequence of Trial
        Results of all edits.
    sink : float
        Global sink of EC-ATM on the raw files as they are [PgC yr-1].
    untouched : dict of list of str
        Warnings about Earths on which nothing is wrong, by seed.
    """
    return "\n".join(
        [
            INTRODUCTION,
            summary(trials, sink, untouched),
            "",
            markdown_table(
                ["folder", "mistake", "first notice", "line"], [_row(t, sink) for t in trials]
            ),
            "",
        ]
    )


def summary(trials: Sequence[Trial], sink: float, untouched: dict[int, list[str]]) -> str:
    """Count what was noticed, and what was not."""
    count = {kind: sum(t.outcome == kind for t in trials) for kind in OUTCOMES}
    noticed = count["stop"] + count["warn"]
    moved = [abs(t.sink - sink) for t in trials if t.sink is not None]
    lines = [
        f"Of {len(trials)} mistakes, {noticed} are noticed ({noticed / len(trials):.0%}): "
        f"{count['stop']} stop the run and {count['warn']} warn; {count['unseen']} pass "
        f"unseen, and {count['crash']} end in an error without a message of ours.",
    ]
    if moved:
        lines.append(
            f"Those that pass unseen move the global sink of EC-ATM ({sink:.2f} PgC/yr) by at most "
            f"{max(moved):.2f} PgC/yr."
        )
    seeds = ", ".join(map(str, untouched))
    warned = sum(map(len, untouched.values()))
    lines.append(
        f"Nothing stops on {len(untouched)} Earths as they are (seeds {seeds}); the tests warn "
        f"{warned} times."
    )
    return "\n".join(lines)


def _row(trial: Trial, sink: float) -> list[str]:
    line = trial.line
    if trial.sink is not None:
        line = f"the sink moves by {trial.sink - sink:+.2f} PgC/yr"
    short = line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."
    text = short.replace("|", "/")
    return [trial.folder, trial.mistake, f"{trial.place} {OUTCOMES[trial.outcome]}", text]
