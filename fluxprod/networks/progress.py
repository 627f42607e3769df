"""What a person sees while members train: bars on a terminal, a line a member elsewhere."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from fluxprod.networks.member import Member, Row


class TrainingProgress:
    """Bars of all members, fed with the rows of their histories.

    Parameters
    ----------
    name : str
        Of the model.
    folds : list of int
    steps : int
        Of each member.
    """

    def __init__(self, name: str, folds: list[int], steps: int) -> None:
        self.name, self.console = name, Console(stderr=True)
        self.bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[losses]}"),
            TimeRemainingColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self.tasks = {
            fold: self.bars.add_task(f"{name} fold {fold}", total=steps, losses="", start=False)
            for fold in folds
        }

    def __enter__(self) -> "TrainingProgress":
        self.bars.start()
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bars.stop()

    def show(self, row: Row) -> None:
        """Move the bar of the row's member and show its losses."""
        task = self.tasks[int(row["fold"])]
        if not self.bars.tasks[task].started:
            self.bars.start_task(task)
        self.bars.update(task, completed=row["step"], losses=losses(row))

    def finish(self, fold: int, member: Member) -> None:
        """Say where a member ended, if there are no bars that show it."""
        self.bars.update(self.tasks[fold], completed=self.bars.tasks[self.tasks[fold]].total)
        if not self.console.is_terminal:
            best = next(row for row in member.history if row["step"] == member.best_step)
            line = f"{self.name} fold {fold}: best step {member.best_step}, {losses(best)}"
            self.console.print(line, highlight=False)


def losses(row: Row) -> str:
    """Validation losses of a row in a few words."""
    words = [f"{name[4:]} {row[name]:.4f}" for name in ("val_l_EC", "val_l_ATM") if name in row]
    return " ".join(words)
