"""Display of the training: progress bars on a terminal, one line per member elsewhere."""

from collections.abc import Iterable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from fluxprod.networks.model.member import Member, Row

BAR = 10  # characters, so that a line of two loss terms fits into 80


class TrainingProgress:
    """Progress bars of all members, updated with the rows of their histories.

    Parameters
    ----------
    name : str
        Name of the model: its loss terms, joined by hyphens.
    folds : list of int
        Folds, one per member.
    steps : int
        Training steps of each member.
    done : dict of int, optional
        Steps that members, by fold, did in an interrupted run.
    console : Console, optional
        Where to print; stderr by default.
    """

    def __init__(
        self,
        name: str,
        folds: list[int],
        steps: int,
        done: dict[int, int] | None = None,
        console: Console | None = None,
    ) -> None:
        self.name, self.done = name, done or {}
        self.console = console or Console(stderr=True)
        self.bars = _Bars(
            *_columns(name), console=self.console, disable=not self.console.is_terminal
        )
        blank = dict.fromkeys(_titles(name), "")
        self.tasks = {
            fold: self.bars.add_task(
                str(fold),
                total=steps,
                completed=self.done.get(fold, 0),
                shown=blank,
                start=False,
            )
            for fold in folds
        }

    def __enter__(self) -> "TrainingProgress":
        for fold, step in self.done.items():
            self._say(f"{self.name} fold {fold}: continues at step {step}")
        self.bars.start()
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bars.stop()

    def show(self, row: Row) -> None:
        """Advance the bar of the member in the row and show its losses."""
        task = self.tasks[int(row["fold"])]
        if not self.bars.tasks[task].started:
            self.bars.start_task(task)
        columns = _titles(self.name).items()
        shown = {title: short_number(row[key]) for title, key in columns if key in row}
        self.bars.update(task, completed=row["step"], shown=shown)

    def finish(self, fold: int, member: Member) -> None:
        """Complete the bar of a member or, without a terminal, print its best step and losses."""
        self.bars.update(self.tasks[fold], completed=self.bars.tasks[self.tasks[fold]].total)
        if not self.console.is_terminal:
            best = next(row for row in member.history if row["step"] == member.best_step)
            text = validation_losses(best)
            self._say(f"{self.name} fold {fold}: best step {member.best_step}, {text}")

    def _say(self, line: str) -> None:
        self.console.print(line, highlight=False, soft_wrap=True)


class _Bars(Progress):
    """Progress bars in a table with column titles."""

    def make_tasks_table(self, tasks: Iterable[Task]) -> Table:
        table = super().make_tasks_table(tasks)
        table.show_header = True
        return table


def _titles(name: str) -> dict[str, str]:
    """Keys of a row of the history, by the title of the column that shows them."""
    terms = name.split("-")
    found: dict[str, str] = {}
    for term in terms:
        found |= {f"{term} train": f"l_{term}", f"{term} val": f"val_l_{term}"}
    return found | {f"s {term}": f"s_{term}" for term in terms}


def _columns(name: str) -> list[ProgressColumn]:
    return [
        TextColumn("{task.description}", table_column=Column(f"{name}\nfold", no_wrap=True)),
        BarColumn(BAR),
        _right("step", "{task.completed}"),
        *(
            _right(title.replace(" ", "\n"), f"{{task.fields[shown][{title}]}}")
            for title in _titles(name)
        ),
        TimeRemainingColumn(table_column=Column("time\nleft", justify="right", no_wrap=True)),
    ]


def _right(title: str, text: str) -> TextColumn:
    column = Column(title, justify="right", no_wrap=True)
    return TextColumn(text, justify="right", table_column=column)


def short_number(value: float) -> str:
    """Three significant digits, or two for magnitudes below 0.001.

    >>> short_number(1.23456), short_number(0.00123456), short_number(-9.87)
    ('1.23', '0.00123', '-9.87')
    >>> short_number(0.0000123456)
    '1.2e-05'
    """
    return f"{value:.3g}" if abs(value) >= 1e-3 or value == 0 else f"{value:.1e}"


def validation_losses(row: Row) -> str:
    """Validation losses of a row, as text."""
    words = [f"{name[4:]} {row[name]:.4g}" for name in ("val_l_EC", "val_l_ATM") if name in row]
    return " ".join(words)
