"""A world of square countries, for tests to write as GeoJSON or a shapefile and to spoil."""

N = 200


def squares() -> list[list[list[float]]]:
    """Rings of one degree on the equator, clockwise, half a degree apart."""
    lefts = [-150.0 + 1.5 * k for k in range(N)]
    return [[[x, 0.0], [x, 1.0], [x + 1.0, 1.0], [x + 1.0, 0.0], [x, 0.0]] for x in lefts]


def features() -> dict:
    """A FeatureCollection with the columns of Natural Earth; ISO_A3 is -99 for the second."""
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
