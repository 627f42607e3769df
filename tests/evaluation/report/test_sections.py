from fluxprod.evaluation import captions
from fluxprod.evaluation.report.sections import FIGURES, KEY_FIGURES, KEY_TABLES, TABLES, sections

GROUPS = {"Maps": ("maps", "bias_maps"), "Spread": ("coverage",), "None": ("absent",)}


def test_groups_in_their_order_and_the_unknown_last():
    names = ["new", "coverage_cells", "bias_maps", "annual", "coverage", "maps"]
    assert sections(names, GROUPS, ("annual",)) == [
        ("Maps", ["maps", "bias_maps"]),
        ("Spread", ["coverage", "coverage_cells"]),
        ("Other", ["new"]),
    ]


def test_nothing_is_lost_or_shown_twice():
    for known, groups, key in (
        (captions.FIGURES, FIGURES, KEY_FIGURES),
        (captions.TABLES, TABLES, KEY_TABLES),
    ):
        shown = [name for section in sections(list(known), groups, key) for name in section.names]
        assert sorted([*shown, *(name for name in key if name in known)]) == sorted(known)
