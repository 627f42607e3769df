"""Settings of the synthetic Earth."""

from fluxprod.core.settings import Settings, seed_parameter


class EarthSettings(Settings):
    """The synthetic Earth; its grid and years are those of ``worlds.synthetic``."""

    seed: int = seed_parameter("Seed of the world: another seed gives another Earth")
