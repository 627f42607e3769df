"""Settings of the bridge."""

from fluxprod.core.constants import BridgeMethod
from fluxprod.core.settings import Settings, parameter, seed_parameter

SECTION = "Upton et al., section 3.4"


class FitSettings(Settings):
    """How the model of a region is fitted."""

    method: BridgeMethod = parameter(
        "`lasso` is the paper's method; `anchored` is also sparse; `sampled` and `exact` use every "
        "cell. All but `lasso` conserve mass",
        "",
        source="docs/decisions/0008-bridge.md",
    )
    r2_threshold: float = parameter(
        "R2 of the regional flux at which the penalty alpha is lowered no further",
        source=SECTION,
        gt=0.0,
        le=1.0,
    )
    n_alphas: int = parameter("Penalties on the regularisation path", ge=2, le=10_000)
    n_cv_folds: int = parameter("Blocks of years for the cross-validated R2", ge=2, le=100)


class BridgeSettings(FitSettings):
    """The bridge: candidate cells of a region, and the fit on them."""

    cells_per_step: int = parameter(
        "Cells of a region that `sampled` draws, in proportion to area, at each training step",
        ge=1,
        le=1_000_000,
    )
    n_clusters: int = parameter(
        "Clusters of a region's cells by DTW similarity; fewer if the region has few cells, and "
        "one more if cells resemble no other",
        source=SECTION,
        ge=1,
        le=1000,
    )
    candidates_per_cluster: int = parameter(
        "Candidate cells drawn from each cluster", source=SECTION, ge=1, le=1000
    )
    seed: int = seed_parameter(
        "Seed of the clustering and the draws; every region has its own random stream"
    )
