"""Settings of EC on public benchmarks."""

from fluxprod.core.settings import Settings, parameter


class BenchmarkSettings(Settings):
    """EC on public benchmarks (``fluxprod benchmark``); the network itself is that of ``train``."""

    n_members: int = parameter(
        "Networks with different initial weights, whose mean is the estimate",
        source="baselines/evaluate_ensemble.py of alexxxroz/CarbonFluxBench",
        ge=1,
        le=1000,
    )
    min_qc: float = parameter(
        "Smallest share of measured half hours of a day of CarbonFluxBench that EC is trained on; "
        "the days of the test always have 1",
        ge=0.0,
        le=1.0,
    )
    max_hours: int = parameter(
        "Hours of FLUXtrapolation drawn at random, if there are more, for training, and as many "
        "for validation",
        "h",
        ge=1,
        le=100_000_000,
    )
