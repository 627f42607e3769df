from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pytest
import torch

from fluxprod.networks.model.fingerprint import fingerprint
from tests.networks.training.test_ensemble import _experiment, _source


@dataclass(frozen=True)
class Part:
    values: np.ndarray
    name: str = "a"


class Pair(NamedTuple):
    cells: torch.Tensor | None
    theta: np.ndarray


VALUES = np.arange(6.0)
DIFFERENT = [
    (),
    (None,),
    ("",),
    (0,),
    (0.0,),
    (False,),
    ("0",),
    (b"0",),
    ("a", "bc"),
    ("ab", "c"),
    (("a",), "bc"),
    ({"a": "bc"},),
    (VALUES,),
    (VALUES.astype(np.float32),),
    (VALUES.astype(int),),
    (VALUES.reshape(2, 3),),
    (VALUES[::-1],),
    (np.nextafter(VALUES, 9.0),),
    (VALUES[:5], VALUES[5:]),
    (VALUES[:0],),
    (Part(VALUES),),
    (Part(VALUES, "b"),),
    (Pair(None, VALUES),),
    (Pair(torch.arange(3), VALUES),),
]


def test_whatever_differs_has_another_fingerprint():
    found = [fingerprint(*parts) for parts in DIFFERENT]
    assert len(set(found)) == len(found)
    assert all(len(text) == 64 for text in found)


def test_memory_layout_does_not_matter():
    block = np.arange(12.0).reshape(3, 4)
    assert fingerprint(block.T) == fingerprint(np.ascontiguousarray(block.T))
    assert fingerprint(Part(VALUES)) == fingerprint(Part(VALUES.copy()))


@pytest.mark.parametrize("part", [object(), np.array([VALUES], object), {1, 2}, Part])
def test_what_cannot_be_seen_whole_is_refused(part):
    with pytest.raises(TypeError):
        fingerprint(part)


def test_every_part_of_an_experiment_counts():
    experiment = _experiment(source=_source())
    source, settings = experiment.constraint, experiment.settings
    drivers, year = source.drivers, source.training[0]
    theta = np.nextafter(source.operator.theta, 9)
    other_theta = source.operator._replace(theta=theta)
    one_bit = np.nextafter(drivers.values[0], np.inf)
    others = [
        replace(experiment, x=np.nextafter(experiment.x, np.float32(9))),
        replace(experiment, y=np.nextafter(experiment.y, 9)),
        replace(experiment, fold=1 - experiment.fold),
        replace(experiment, settings=settings.changed(steps=21)),
        replace(experiment, settings=settings.changed(seed=1)),
        replace(experiment, constraint=None),
        replace(experiment, constraint=replace(source, settings=source.settings.changed(norm=2))),
        replace(experiment, constraint=replace(source, operator=other_theta)),
        replace(
            experiment,
            constraint=replace(
                source, drivers=replace(drivers, values=(one_bit, *drivers.values[1:]))
            ),
        ),
        replace(
            experiment,
            constraint=replace(source, training=(replace(year, inversions=-year.inversions),)),
        ),
    ]
    found = {fingerprint(other) for other in [experiment, *others]}
    assert len(found) == 1 + len(others)
    assert fingerprint(_experiment(source=_source())) == fingerprint(experiment)
