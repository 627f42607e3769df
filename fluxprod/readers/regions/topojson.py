"""TopoJSON as the world-atlas packages issue Natural Earth: shared arcs, quantised and as steps."""

import numpy as np
from shapely.geometry import MultiPolygon, Polygon

TURN = 360.0  # degree


def decoded_arcs(topology: dict) -> list[np.ndarray]:
    """Coordinates of each arc, shape (point, 2) [degree].

    Parameters
    ----------
    topology : dict
        Parsed file; with ``transform`` arcs are sums of steps of integers (TopoJSON 1.0, 2.1.3).
    """
    arcs = [np.array(arc, float)[:, :2] for arc in topology["arcs"]]
    if "transform" not in topology:
        return arcs
    scale, translate = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(arc, axis=0) * scale + translate for arc in arcs]


def polygons_of(shape: dict, arcs: list[np.ndarray]) -> MultiPolygon:
    """Polygons of a geometry object; other types have none.

    Parameters
    ----------
    shape : dict
        A geometry object of the topology.
    arcs : list of ndarray
        As `decoded_arcs` gives them.

    Returns
    -------
    MultiPolygon
        A part across the date line runs on beyond 180 degrees.
    """
    if shape.get("type") not in ("Polygon", "MultiPolygon"):
        return MultiPolygon()
    parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return MultiPolygon([_polygon([_ring(arcs, line) for line in rings]) for rings in parts])


def _ring(arcs: list[np.ndarray], indices: list[int]) -> np.ndarray:
    """Join arcs to a closed ring; ``~i`` is arc i reversed."""
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    line = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
    return np.stack([np.unwrap(line[:, 0], period=TURN), line[:, 1]], axis=1)


def _polygon(rings: list[np.ndarray]) -> Polygon:
    """Holes are turned to the side of the date line on which their shell is."""
    shell, *holes = rings
    middle = shell[:, 0].mean()
    turns = [np.round((middle - hole[:, 0].mean()) / TURN) * TURN for hole in holes]
    return Polygon(shell, [hole + [turn, 0.0] for hole, turn in zip(holes, turns, strict=True)])
