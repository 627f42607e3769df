"""Settings of the report."""

from fluxprod.core.settings import Settings, parameter


class ReportSettings(Settings):
    """The HTML report."""

    title: str = parameter("Title of the page", "", min_length=1)
