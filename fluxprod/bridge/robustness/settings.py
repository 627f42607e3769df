"""Settings of the robustness analysis of the bridge."""

from fluxprod.core.settings import Settings, parameter, seed_parameter


class RobustnessSettings(Settings):
    """The bridge repeated over random candidates."""

    n_draws: int = parameter(
        "Random sets of candidates in each region", source="Fig. B2", ge=1, le=1_000_000
    )
    seed: int = seed_parameter("Seed of the draws")
