"""A world of squares as TopoJSON, GeoJSON and a shapefile, to be spoilt by tests."""

N = 200
CODES = ["076", "804", *(["124"] * (N - 2))]  # Brazil, Ukraine, Canada


def squares() -> list[list[list[float]]]:
    """Rings of one degree on the equator, clockwise, each beside the last."""
    lefts = [-150.0 + 1.5 * k for k in range(N)]
    return [[[x, 0.0], [x, 1.0], [x + 1.0, 1.0], [x + 1.0, 0.0], [x, 0.0]] for x in lefts]


def topology() -> dict:
    """As world-atlas: an ISO number for id, a name, and arcs, here not quantised."""
    shapes = [
        {"type": "Polygon", "arcs": [[k]], "id": code, "properties": {"name": f"c{k}"}}
        for k, code in enumerate(CODES)
    ]
    countries = {"type": "GeometryCollection", "geometries": shapes}
    return {"type": "Topology", "arcs": squares(), "objects": {"countries": countries}}


def features() -> dict:
    """As Natural Earth's GeoJSON: ISO_A3 is -99 for some."""
    codes = [("BRA", "BRA", "BRA"), ("-99", "-99", "KOS"), *([("CAN", "CAN", "CAN")] * (N - 2))]
    rows = [
        {
            "type": "Feature",
            "properties": dict(zip(("ISO_A3", "ISO_A3_EH", "ADM0_A3"), row), NAME=f"c{k}"),
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for k, (row, ring) in enumerate(zip(codes, squares(), strict=True))
    ]
    return {"type": "FeatureCollection", "features": rows}
