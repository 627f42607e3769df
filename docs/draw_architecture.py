"""Draw the rooms of the package and the imports between them: ``python docs/draw_architecture.py``.

Writes docs/architecture.svg. Rooms are the folders of fluxprod/, each with the noun that its
``__init__.py`` states; an arrow runs from a room to one whose modules it imports. Arrows to
``core``, and from ``stages``, ``experiments`` and ``cli``, are not drawn. All imports must run
downwards in the layout below, or the script fails.
"""

import ast
import textwrap
from collections import Counter
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Path2D

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "fluxprod"
PICTURE = ROOT / "docs" / "architecture.svg"
ROWS = (  # from the top; None leaves a place empty
    ("cli", "experiments"),
    ("stages",),
    ("release", "benchmarks"),
    ("verify", "inventory", None, "networks", "synthetic"),
    ("pins", "readers", "product", "plausibility", "compute", "writers"),
    ("geography", "towers", "drivers", "inversions", "bridge", "evaluation"),
    ("core",),
)
BARS = {  # as wide as the picture
    "stages": "Stages may import the rooms below them; only cli and experiments import stages.",
    "core": "Every room stands on core, which imports none.",
}
NOT_DRAWN_FROM = ("cli", "experiments", "stages")
WIDTH, HEIGHT, GAP_X, GAP_Y = 2.05, 0.95, 0.3, 0.5  # inch
INK, LINE, PALE, STRONG = "#1b2a33", "#5b7a8c", "#eef3f6", "#d5e5ee"


def rooms() -> dict[str, str]:
    """Noun of each room."""
    return {
        path.parent.name: (ast.get_docstring(ast.parse(path.read_text())) or "").rstrip(".")
        for path in sorted(PACKAGE.glob("*/__init__.py"))
    }


def arrows() -> Counter[tuple[str, str]]:
    """Number of imports from one room to another."""
    found: Counter[tuple[str, str]] = Counter()
    for path in sorted(PACKAGE.rglob("*.py")):
        room = _room(path)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fluxprod."):
                other = str(node.module).split(".")[1]
                if room and other != room and (PACKAGE / other).is_dir():
                    found[room, other] += 1
    return found


def _room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first.endswith(".py") else first


def check(nouns: dict[str, str], links: set[tuple[str, str]]) -> None:
    """Every room has a place, and every import runs downwards."""
    row = {name: number for number, names in enumerate(ROWS) for name in names if name}
    if row.keys() != nouns.keys():
        raise SystemExit(f"rooms without a place in ROWS: {sorted(row.keys() ^ nouns.keys())}")
    if upwards := sorted(pair for pair in links if row[pair[0]] >= row[pair[1]]):
        raise SystemExit(f"imports that do not run downwards: {upwards}")


def draw() -> Figure:
    """Draw the rooms in rows, and the arrows that are not left out."""
    nouns, links = rooms(), set(arrows())
    check(nouns, links)
    across = max(map(len, ROWS)) * (WIDTH + GAP_X) - GAP_X
    size = across + 2 * GAP_X, len(ROWS) * (HEIGHT + GAP_Y)
    figure = Figure(figsize=size)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, size[0]), ylim=(0, size[1]))
    axes.axis("off")
    place = {}
    for number, names in enumerate(ROWS):
        y = size[1] - (number + 1) * (HEIGHT + GAP_Y) + GAP_Y / 2
        left = (size[0] - len(names) * (WIDTH + GAP_X) + GAP_X) / 2
        for column, name in enumerate(names):
            if name is None:
                continue
            place[name] = left + column * (WIDTH + GAP_X), y
            if name in BARS:
                _box(axes, GAP_X, y, across, name, f"{nouns[name]}.\n{BARS[name]}", 140)
            else:
                _box(axes, *place[name], WIDTH, name, nouns[name], 32)
    for importer, imported in sorted(links):
        if imported != "core" and importer not in NOT_DRAWN_FROM:
            _arrow(axes, place[importer], place[imported])
    return figure


def _box(axes: Axes, x: float, y: float, width: float, name: str, noun: str, wrap: int) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x, y), width, HEIGHT, boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=STRONG if name in BARS else PALE, edgecolor=LINE, linewidth=1.0, zorder=3,
        )
    )  # fmt: skip
    middle = x + width / 2
    text = "\n".join(textwrap.fill(line, wrap) for line in noun.split("\n"))
    axes.text(
        middle, y + HEIGHT - 0.19, f"{name}/", ha="center", va="center", fontsize=11,
        fontweight="bold", color=INK, zorder=4,
    )  # fmt: skip
    axes.text(
        middle, y + (HEIGHT - 0.3) / 2, text, ha="center", va="center", fontsize=7.6, color=INK,
        zorder=4, linespacing=1.25,
    )  # fmt: skip


def _arrow(axes: Axes, upper: tuple[float, float], lower: tuple[float, float]) -> None:
    """An arrow that leaves downwards and turns only above the room where it ends."""
    start, end = (upper[0] + WIDTH / 2, upper[1]), (lower[0] + WIDTH / 2, lower[1] + HEIGHT)
    turn = [(start[0], end[1] + 0.8 * GAP_Y), (end[0], end[1] + 0.6 * GAP_Y)]
    path = Path2D([start, *turn, end], [Path2D.MOVETO, *3 * [Path2D.CURVE4]])
    axes.add_patch(
        FancyArrowPatch(
            path=path, arrowstyle="-|>", mutation_scale=9, color=LINE, linewidth=1.0, zorder=2
        )
    )


def main() -> None:
    """Write the picture, the same bytes for the same rooms."""
    with mpl.rc_context({"svg.hashsalt": "fluxprod", "svg.fonttype": "path"}):
        draw().savefig(PICTURE, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
