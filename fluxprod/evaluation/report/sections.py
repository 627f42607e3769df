"""Sections of the report, and the order of the figures and tables in them."""

from typing import NamedTuple

KEY_FIGURES = ("annual", "regional_sinks", "nnse")
KEY_TABLES = ("table2", "table3")
FIGURES = {
    "Seasonal cycles": ("seasonal_cycle", "seasonal_cycle_regions"),
    "Maps": ("maps", "bias_maps", "monthly_maps", "correlation"),
    "Spread": ("coverage",),
    "Towers": ("sites", "site_skill", "sites_types", "selected_sites"),
    "The bridge": (
        "selection",
        "selection_types",
        "selection_regions",
        "stability",
    ),
}
TABLES = {
    "Inputs": ("plausibility",),
    "Sinks": ("global_sinks", "regional_sinks"),
    "Scores against the truth": ("truth_scores", "table2_truth", "table3_truth", "nnse_truth"),
    "Scores against the inversions": ("nnse", "map_scores"),
    "Spread": ("coverage",),
    "Towers": ("site_scores", "site_skill_r2"),
    "The bridge": ("post_hoc", "shift", "bridge"),
}
OTHER = "Other"


class Section(NamedTuple):
    """Heading of a section, and the names of its figures or tables."""

    title: str
    names: list[str]


def sections(
    names: list[str], groups: dict[str, tuple[str, ...]], elsewhere: tuple[str, ...]
) -> list[Section]:
    """Sort names into sections.

    A name that extends another with an underscore follows it: ``coverage_cells`` is shown with
    ``coverage``. Names that belong to no group make up the last section.

    Parameters
    ----------
    names : list of str
        Available figures or tables, in the order of the captions.
    groups : dict of tuple of str
        Names by heading, in the order in which they are shown.
    elsewhere : tuple of str
        Names that are shown in another part of the page.

    Returns
    -------
    list of Section
        Sections that are not empty.
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
