"""Colour, line and marker of each source in every figure, and colours of plant functional types.

The colours of the sources are from the colour-blind safe palette of Okabe and Ito.
"""

from contextlib import AbstractContextManager
from typing import Any, Literal

from matplotlib import rc_context
from matplotlib.figure import Figure

from fluxprod.evaluation.run.sources import EC, EC_ATM, FLUXCOM, GCB, INVERSIONS, TRUTH

Layout = Literal["constrained", "compressed"]
COLOURS = {
    TRUTH: "#000000",
    INVERSIONS: "#0072B2",
    EC_ATM: "#009E73",
    EC: "#D55E00",
    FLUXCOM: "#E69F00",
    GCB: "#CC79A7",
}
LINES = {TRUTH: "-", INVERSIONS: "-", EC_ATM: "-", EC: "-", FLUXCOM: "--", GCB: ":"}
# truth and inversions often coincide: a thin line on top of a wide one shows both
WIDTHS = {TRUTH: 1.1, INVERSIONS: 3.6, EC_ATM: 1.8, EC: 1.8, FLUXCOM: 1.6, GCB: 1.8}
MARKERS = {TRUTH: "*", INVERSIONS: "s", EC_ATM: "o", EC: "^", FLUXCOM: "D", GCB: "v"}
# one hue per family of types, lightness within it; distinct under every kind of colour vision
PFT_COLOURS = {
    "ENF": "#0f3113", "EBF": "#259e78", "DNF": "#855a3e", "DBF": "#8cc584", "MF": "#aef5bf",
    "CSH": "#90228b", "OSH": "#f5a0e6",
    "WSA": "#9b4504", "SAV": "#dc9211", "GRA": "#fad971",
    "WET": "#0028b9", "CRO": "#7478f5", "CVM": "#e2f5fd",
    "URB": "#4d4d4d", "BSV": "#bdbdbd",
}  # fmt: skip
STYLE: dict[Any, Any] = {
    "font.size": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.0,
    "legend.frameon": False,
    "figure.facecolor": "white",
}


def new_figure(width: float, height: float, layout: Layout = "constrained") -> Figure:
    """Create an empty figure whose labels are fitted into it when it is drawn.

    Parameters
    ----------
    width, height : float
        Size [inch].
    layout : str
        "compressed" keeps panels of a fixed aspect, such as maps, close together.
    """
    return Figure(figsize=(width, height), layout=layout)


def style() -> AbstractContextManager[None]:
    """Context in which axes are created in the style of this repository."""
    return rc_context(STYLE)


def line(source: str) -> dict[str, Any]:
    """Line properties of a source."""
    return {"color": COLOURS[source], "linestyle": LINES[source], "linewidth": WIDTHS[source]}


def point(source: str, size: float = 4.5) -> dict[str, Any]:
    """Marker properties of a source, with the size in points."""
    return {"marker": MARKERS[source], "markersize": size}
