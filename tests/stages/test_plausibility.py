"""What the stage plausibility says about findings that stop the run."""

from fluxprod.plausibility.criterion import Criterion
from fluxprod.stages.plausibility import stops

SITE = Criterion("towers.position", "land within two cells", "geometry", "mend the site table")
FINDINGS = [
    SITE.finding("AA-One", "0.5 cells"),
    SITE.finding("BB-Two", "3.1 cells", stop=True),
    SITE.finding("CC-Tre", "1.9 cells", warn=True),
]


def test_each_stop_is_one_line_that_says_what_to_do_and_how_it_is_overruled():
    (line,) = map(str, stops(FINDINGS, []))
    assert line == (
        "towers.position: BB-Two: found 3.1 cells, expected land within two cells; mend the site "
        "table; if it is right, add 'towers.position:BB-Two' to plausibility.accept in params.yaml"
    )


def test_an_accepted_stop_is_no_error():
    assert list(stops(FINDINGS, ["towers.position:BB-Two"])) == []
    assert len(list(stops(FINDINGS, ["towers.position:AA-One"]))) == 1
