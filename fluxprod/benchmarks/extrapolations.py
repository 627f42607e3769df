"""The three settings of FLUXtrapolation: which hours are kept apart for validation and test.

The lists of sites and the years are those of ``get_data_split`` in dataloader.py of the public
repository anyafries/FLUXtrapolation, at first fluxnet_bench (Fries et al. 2026, arXiv:2605.19812).
Its README speaks of 25 warm sites, whereas the list in its code has 40.
"""

import numpy as np
import pandas as pd

TIME_SPLIT = "time-split"
VALIDATION_YEAR = 2018  # of the split by time: earlier years are learned from, later ones scored


def _sites(names: str) -> list[str]:
    return names.split()


TEST_SITES = {
    "spatial-easy40": _sites(
        "US-Tw1 DE-Hai US-Seg US-Sne US-Tw4 US-xDL UK-AMo AU-Dry US-CGG FR-Bil US-Rpf DK-Skj "
        "RU-Fy2 DE-Rns US-Tw3 RU-Fyo US-Snf CH-Cha AR-CCg CL-SDF DE-Gri FR-Tou AU-Whr AU-GWW "
        "US-RGo IT-BCi ES-Abr SE-Nor DE-Hzd US-CS2 US-StJ CA-TP3 BE-Dor US-xWD US-Syv DE-RuR "
        "CZ-BK1 BE-Maa BE-Vie FI-Var"
    ),
    "TA40": _sites(
        "AU-Dry AU-DaS AU-Lit BR-Npw AU-Lon AU-ASM US-xDS US-ONA US-SP1 US-xJE US-SRM US-HB2 "
        "AU-GWW US-SRS US-SRG IL-Yat US-HB3 US-HB1 US-xDL US-RGA AU-Cum US-xTA AU-Cpr US-Whs "
        "US-Cst US-Wkg IT-BCi US-Jo2 IT-Cp2 US-RGo ES-Abr US-NC4 ES-Agu US-Akn US-xJR ES-Pdu "
        "US-Ton ES-LM2 IT-Noe ES-LM1"
    ),
}
VALIDATION_SITES = {
    "spatial-easy40": _sites(
        "DE-Tha US-xTR US-ICh FR-Aur US-NR1 CA-TPD AU-Cum US-RGA CZ-Lnz US-UC1 SE-Htm AU-Rgf "
        "ES-Agu FR-Mej CA-ARF CA-TP1 CA-SCC US-BZB US-xCP DK-Vng"
    ),
    "TA40": _sites(
        "US-Snf US-GLE US-CF2 FI-Let CZ-Lnz US-Rls UK-AMo FR-Gri US-xTR US-ALQ CA-ER1 US-xBR "
        "FI-Hyy IE-Cra DE-Obe AU-War US-RGB CH-Cha US-Syv US-UMB"
    ),
}
SETTINGS = (TIME_SPLIT, *TEST_SITES)
TRAINING, VALIDATION, TEST = "training", "validation", "test"


def part_of_hours(hours: pd.DataFrame, setting: str, of_time_split: list[str]) -> np.ndarray:
    """Part to which each hour belongs.

    Parameters
    ----------
    hours : DataFrame
        Columns ``site_id`` and ``year``.
    setting : str
        One of ``SETTINGS``.
    of_time_split : list of str
        Sites that the split by time uses; those of the others are in the code of the authors.

    Returns
    -------
    ndarray of str, shape (hour,)
        ``TRAINING``, ``VALIDATION`` or ``TEST``; empty for sites that the split does not use.
    """
    site = hours["site_id"]
    if setting == TIME_SPLIT:
        year = hours["year"].to_numpy()
        conditions = [
            ~site.isin(of_time_split).to_numpy(),
            year < VALIDATION_YEAR,
            year == VALIDATION_YEAR,
        ]
        return np.select(conditions, ["", TRAINING, VALIDATION], TEST)
    conditions = [
        site.isin(TEST_SITES[setting]).to_numpy(),
        site.isin(VALIDATION_SITES[setting]).to_numpy(),
    ]
    return np.select(conditions, [TEST, VALIDATION], TRAINING)


def environments(hours: pd.DataFrame, setting: str) -> np.ndarray:
    """Unit in which hours (hour,) are scored: the site, or the site and year, as a text.

    >>> hours = pd.DataFrame({"site_id": ["AU-Dry"], "year": [2019]})
    >>> environments(hours, "time-split")[0]
    "('AU-Dry', 2019)"
    """
    site = hours["site_id"].to_numpy(str)
    if setting != TIME_SPLIT:
        return site
    pairs = zip(site.tolist(), hours["year"].tolist())
    return np.array([str(pair) for pair in pairs])
