"""HTML template for ``dvc plots``; the template of DVC itself loads scripts from the network."""

from fluxprod.evaluation.report.chart import library

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{refresh_tag}
<title>What changed between runs</title>
<link rel="icon" href="data:,">
<style>
body { margin: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
img { max-width: 46vw; }
</style>
<script>LIBRARY</script>
</head>
<body>
<main>
<h1>What changed between runs</h1>
{plot_divs}
</main>
</body>
</html>
"""


def plots_page() -> str:
    """Template with Vega's JavaScript embedded and the placeholders that DVC fills in braces."""
    return PAGE.replace("LIBRARY", library())
