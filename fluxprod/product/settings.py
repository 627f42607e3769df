"""Settings of the product."""

from fluxprod.core.settings import Settings, parameter

VERSION = r"\d+\.\d+\.\d+"  # as on https://semver.org


class ProductSettings(Settings):
    """The files that people download."""

    version: str = parameter(
        "Version of the product, MAJOR.MINOR.PATCH", "", pattern=f"^{VERSION}$"
    )
    funding: str = parameter(
        "Who paid for it, in words: CITATION.cff has no place for it", "", min_length=1
    )
