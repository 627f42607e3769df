"""Sources that are compared, in the order in which tables and figures show them."""

TRUTH = "truth"
INVERSIONS = "inversions"
EC_ATM = "EC-ATM"
EC = "EC"
FLUXCOM = "FLUXCOM"
GCB = "GCB"
ALL = (TRUTH, INVERSIONS, EC_ATM, EC, FLUXCOM, GCB)
MODELS = (EC_ATM, EC, FLUXCOM)  # scored in Tables 2 and 3
OURS = (EC_ATM, EC)  # models of this repository
LABELS = {
    TRUTH: "truth (synthetic Earth)",
    INVERSIONS: "atmospheric inversions",
    EC_ATM: "EC-ATM (towers and inversions)",
    EC: "EC (towers only)",
    FLUXCOM: "FLUXCOM RS+METEO",
    GCB: "Global Carbon Budget land sink",
}


def key(source: str) -> str:
    """Name of a source in ``metrics.json``, such as ec_atm for EC-ATM."""
    return source.lower().replace("-", "_").replace(" ", "_")
