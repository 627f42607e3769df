"""What a person sees while members train: bars on a terminal, a line a member elsewhere."""

from collections.abc import Iterable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from fluxprod.networks.model.member import Member, Row

BAR = 10  # characters; with two terms a line is at most 80


class TrainingProgress:
    """Bars of all members, fed with the rows of their histories.

    Parameters
    ----------
    name : str
        Of the model: its terms, joined by hyphens.
    folds : list of int
    steps : int
        Of each member.
    done : dict of int, optional
        Steps that a fold has done in a run that was stopped.
    console : Console, optional
        Of stderr, if None.
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
        """Move the bar of the row's member and show its losses."""
        task = self.tasks[int(row["fold"])]
        if not self.bars.tasks[task].started:
            self.bars.start_task(task)
        shown = {title: short(row[key]) for title, key in _titles(self.name).items() if key in row}
        self.bars.update(task, completed=row["step"], shown=shown)

    def finish(self, fold: int, member: Member) -> None:
        """Say where a member ended, if there are no bars that show it."""
        self.bars.update(self.tasks[fold], completed=self.bars.tasks[self.tasks[fold]].total)
        if not self.console.is_terminal:
            best = next(row for row in member.history if row["step"] == member.best_step)
            self._say(f"{self.name} fold {fold}: best step {member.best_step}, {losses(best)}")

    def _say(self, line: str) -> None:
        self.console.print(line, highlight=False, soft_wrap=True)


class _Bars(Progress):
    """Bars under the titles of their columns."""

    def make_tasks_table(self, tasks: Iterable[Task]) -> Table:
        table = super().make_tasks_table(tasks)
        table.show_header = True
        return table


def _titles(name: str) -> dict[str, str]:
    """Columns of a model by title: where their values are in a row of the history."""
    terms = name.split("-")
    found: dict[str, str] = {}
    for term in terms:
        found |= {f"{term} train": f"l_{term}", f"{term} val": f"val_l_{term}"}
    return found | {f"s {term}": f"s_{term}" for term in terms}


def _columns(name: str) -> list:
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


def short(value: float) -> str:
    """Three digits in at most seven characters.

    >>> short(1.23456), short(0.00123456), short(0.0000123456), short(-9.87)
    ('1.23', '0.00123', '1.2e-05', '-9.87')
    """
    return f"{value:.3g}" if abs(value) >= 1e-3 or value == 0 else f"{value:.1e}"


def losses(row: Row) -> str:
    """Validation losses of a row in a few words."""
    words = [f"{name[4:]} {row[name]:.4g}" for name in ("val_l_EC", "val_l_ATM") if name in row]
    return " ".join(words)
