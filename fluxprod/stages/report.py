"""Write the report as one self-contained page, and an offline template for `dvc plots`."""

from pathlib import Path

from fluxprod.evaluation.report.page import page
from fluxprod.evaluation.report.plots_page import plots_page as plots_template
from fluxprod.evaluation.report.settings import ReportSettings
from fluxprod.readers.evaluation_files import read_images, read_metrics, read_tables
from fluxprod.readers.provenance import read_provenance
from fluxprod.stages._run import run
from fluxprod.writers.html_page import write_page


def main(
    *,
    tables: Path,
    metrics: Path,
    figures: Path,
    provenance: Path,
    report: Path,
    plots_page: Path,
    params: ReportSettings,
) -> None:
    text = page(
        params.title,
        read_tables(tables),
        read_metrics(metrics),
        read_images(figures),
        read_provenance(provenance),
    )
    write_page(text, report)
    write_page(plots_template(), plots_page)


if __name__ == "__main__":
    run(main)
