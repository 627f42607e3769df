"""How many days of each site each rule removed, and why a site is left out."""

import pandas as pd

from fluxprod.towers.rules import RULES
from fluxprod.towers.screening import MAY_NOT_JUDGE


def screening_row(site: str, source: str, count: dict[str, int], min_days: int) -> dict:
    """One row of the table.

    Parameters
    ----------
    site, source : str
        Identifier, and the collection that its record is of.
    count : dict of str to int
        Days, as ``screened`` counts them [d].
    min_days : int
        Days that a site needs to be used [d].
    """
    reason = reason_to_leave_out(count, min_days)
    used = "no" if reason else "yes"
    return {"site": site, "source": source, **count, "used": used, "reason": reason}


def reason_to_leave_out(count: dict[str, int], min_days: int) -> str:
    """Why a site cannot be used, empty where it can."""
    if not count["days"]:
        return "no day in the period"
    if not count["with_nee"]:
        return "no NEE"
    if count["kept"] < min_days:
        return f"fewer than {min_days} days kept"
    return ""


def screening_table(rows: list[dict]) -> pd.DataFrame:
    """All rows by site; days of a rule in its turn, alone and, if it can fail to, not judged."""
    names = []
    for rule in RULES:
        names += [rule, f"{rule}_alone"]
        names += [f"{rule}_unjudged"] if rule in MAY_NOT_JUDGE else []
    columns = ["site", "source", "days", "with_nee", *names, "kept", "used", "reason"]
    return pd.DataFrame(rows, columns=columns).sort_values("site", ignore_index=True)


def screening_summary(table: pd.DataFrame) -> str:
    """One line on all sites, for the screen."""
    removed = ", ".join(f"{name} {table[name].sum()}" for name in RULES)
    used = int((table.used == "yes").sum())
    return (
        f"{used} of {len(table)} sites used; of {table.with_nee.sum()} days with NEE "
        f"{table.kept.sum()} kept, removed by rule: {removed}"
    )
