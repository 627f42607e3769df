"""Table of the days that each screening rule removed by site, and of the sites left out."""

import pandas as pd

from fluxprod.towers.rules import RULES
from fluxprod.towers.screening import CAN_LEAVE_UNJUDGED


def screening_row(site: str, source: str, count: dict[str, int], min_days: int) -> dict:
    """Make one row of the table.

    Parameters
    ----------
    site, source : str
        Identifier of the site, and the collection that its record comes from.
    count : dict of str to int
        Numbers of days, as from `screened` [d].
    min_days : int
        Days that a site needs to be used [d].

    Returns
    -------
    dict of str to object
        Values by column.
    """
    reason = reason_to_leave_out(count, min_days)
    used = "no" if reason else "yes"
    return {"site": site, "source": source, **count, "used": used, "reason": reason}


def reason_to_leave_out(count: dict[str, int], min_days: int) -> str:
    """State why a site cannot be used; the reason is empty if it can."""
    if not count["days"]:
        return "no day in the period"
    if not count["with_nee"]:
        return "no NEE"
    if count["kept"] < min_days:
        return f"fewer than {min_days} days kept"
    return ""


def screening_table(rows: list[dict]) -> pd.DataFrame:
    """Arrange the rows by site, with the columns of each rule in the order of `RULES`."""
    names = []
    for rule in RULES:
        names += [rule, f"{rule}_alone"]
        names += [f"{rule}_unjudged"] if rule in CAN_LEAVE_UNJUDGED else []
    columns = ["site", "source", "days", "with_nee", *names, "kept", "used", "reason"]
    return pd.DataFrame(rows, columns=columns).sort_values("site", ignore_index=True)


def screening_summary(table: pd.DataFrame) -> str:
    """Summarise all sites in one line, for the console."""
    removed = ", ".join(f"{name} {table[name].sum()}" for name in RULES)
    used = int((table.used == "yes").sum())
    return (
        f"{used} of {len(table)} sites used; of {table.with_nee.sum()} days with NEE "
        f"{table.kept.sum()} kept, removed by rule: {removed}"
    )
