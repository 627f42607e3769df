"""Sections and order of figures and tables in the report; what it does not know comes last."""

from typing import NamedTuple

KEY_FIGURES = ("annual", "regional_sinks", "nnse")
KEY_TABLES = ("table2", "table3")
FIGURES = {
    "Seasons and regions": ("seasonal_cycle", "seasonal_cycle_regions"),
    "Maps": ("maps", "bias_maps", "monthly_maps", "correlation"),
    "Spread": ("coverage",),
    "Towers": ("sites", "sites_types", "selected_sites"),
    "The bridge": (
        "selection",
        "selection_types",
        "selection_regions",
        "stability",
    ),
}
TABLES = {
    "Sinks": ("global_sinks", "annual", "regional_sinks"),
    "Against the truth": ("truth_scores", "table2_truth", "table3_truth", "nnse_truth"),
    "Against the inversions": ("nnse", "map_scores"),
    "Spread": ("coverage",),
    "Towers": ("site_scores",),
    "The bridge": ("post_hoc", "shift", "bridge"),
}
OTHER = "Further"
RUN = "run"  # a table that belongs to the provenance


class Section(NamedTuple):
    """A heading and the names of what stands under it."""

    title: str
    names: list[str]


def sections(
    names: list[str], groups: dict[str, tuple[str, ...]], elsewhere: tuple[str, ...]
) -> list[Section]:
    """Sort names into groups.

    A name that begins with another's and an underscore follows it: ``coverage_cells`` stands by
    ``coverage``.

    Parameters
    ----------
    names : list of str
        What there is, in the order of its captions.
    groups : dict
        Names by title, in the order in which they are shown.
    elsewhere : tuple of str
        Names that another part of the page shows.

    Returns
    -------
    list of Section
        Without empty ones.
    """
    left = [name for name in names if name not in elsewhere]
    found = []
    for title, known in groups.items():
        taken = [name for name in known if name in left]
        left = [name for name in left if name not in taken]
        taken += [name for name in left if name.startswith(tuple(f"{base}_" for base in known))]
        left = [name for name in left if name not in taken]
        found.append(Section(title, taken))
    return [section for section in [*found, Section(OTHER, left)] if section.names]
