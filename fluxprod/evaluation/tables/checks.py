"""Checks whose failure a reader of the report must know about.

The limits are ours. A bridge that passes the shift test to within a fifth and the post-hoc check to
within the spread of the ensemble (1 to 3 PgC/yr) does not determine the sink that the network
learns.
"""

import pandas as pd

from fluxprod.evaluation.run.sources import EC_ATM, key
from fluxprod.evaluation.run.totals import GLOBAL

CLOSURE_LIMIT = 1e-6  # [1] relative to the sum of the regions' absolute totals
SHIFT_LIMIT = 0.2  # [1] distance from 1
POST_HOC_LIMIT = 1.0  # PgC yr-1, globe
MEMBERS_LIMIT = 0.01  # PgC yr-1, to allow for the rounding of the product files


def closure_gap(regional: pd.DataFrame) -> float:
    """Largest gap between the globe and the sum of its parts in the product's regional table.

    Relative to the sum of the parts' absolute totals [1].
    """
    wide = regional.pivot(index=["model", "month"], columns="region", values="nee_PgC_per_month")
    parts = wide.drop(columns=GLOBAL)
    return float(((parts.sum(axis=1) - wide[GLOBAL]).abs() / parts.abs().sum(axis=1)).max())


def _row(
    check: str, value: float, limit: float, unit: str, meaning: str
) -> dict[str, str | float | bool]:
    return {
        "check": check,
        "value": round(value, 9),
        "limit": limit,
        "unit": unit,
        "passed": bool(abs(value) <= limit),
        "meaning": meaning,
    }


def table_of_checks(
    regional: pd.DataFrame, shift: pd.DataFrame, post_hoc: pd.DataFrame, member_gap: float
) -> pd.DataFrame:
    """Value and limit of every check, whether it passed, and what a failure means.

    Parameters
    ----------
    regional : DataFrame
        Regional table of the product.
    shift, post_hoc : DataFrame
        Tables of `bridge_checks`.
    member_gap : float
        Largest difference in a global sink between the product files and the mean of the members
        [PgC yr-1].
    """
    share = float(shift.set_index("region")["shift"][GLOBAL])
    gap = post_hoc.set_index(["source", "region"])["difference"]
    rows = [
        _row(
            "closure",
            closure_gap(regional),
            CLOSURE_LIMIT,
            "1",
            "The regions and the unassigned land do not add up to the globe.",
        ),
        _row(
            "members",
            member_gap,
            MEMBERS_LIMIT,
            "PgC yr-1",
            "The product files differ from the mean of the members that made them.",
        ),
        _row(
            "shift test",
            share - 1.0,
            SHIFT_LIMIT,
            "1",
            f"The bridge answers a uniform change of NEE with {share:.0%} of the right total: "
            "it cannot see all of a bias.",
        ),
        _row(
            "post-hoc",
            float(gap[EC_ATM, GLOBAL]),
            POST_HOC_LIMIT,
            "PgC yr-1",
            "The bridge's total of EC-ATM is not the sum over its cells: the inversions "
            "constrained another number than the product's.",
        ),
    ]
    return pd.DataFrame(rows)


def failed(table: pd.DataFrame) -> list[str]:
    """Names of the checks that failed, as in ``metrics.json``."""
    return [key(name).replace(" ", "_") for name in table.check[~table.passed]]
