"""Squares on the map: equality on a square's number keeps its index under row security.

A square is numbered by its south-west corner in whole steps of latitude and longitude, counted
from 40° N 15° W, which covers Great Britain and Ireland with room to spare.
"""

from math import ceil, cos, floor, radians

CELL_DEGREES = 0.01
"""Size of a `cell`: about 1.1 km north–south and 0.7 km east–west."""

MAP_CELL_DEGREES = 0.1
"""Size of a `map_cell`: about 11 km by 7 km."""

_SOUTH, _WEST, _COLUMNS = 40.0, -15.0, 10_000
_METRES_PER_DEGREE = 111_195


def square(latitude: float, longitude: float, *, degrees: float) -> int:
    """Return the number of the square that a WGS 84 point lies in."""
    row = floor(round((latitude - _SOUTH) / degrees, 6))
    column = floor(round((longitude - _WEST) / degrees, 6))
    return row * _COLUMNS + column


def centre(number: int, *, degrees: float) -> tuple[float, float]:
    """Return the latitude and longitude of the middle of a square."""
    row, column = divmod(number, _COLUMNS)
    return _SOUTH + (row + 0.5) * degrees, _WEST + (column + 0.5) * degrees


def squares_around(
    latitude: float, longitude: float, *, metres: float, degrees: float
) -> list[int]:
    """Return the numbers of every square that may hold a point within `metres`."""
    north = metres / _METRES_PER_DEGREE
    east = north / max(cos(radians(latitude)), 0.01)
    rows = ceil(north / degrees)
    columns = ceil(east / degrees)
    middle = square(latitude, longitude, degrees=degrees)
    return [
        middle + row * _COLUMNS + column
        for row in range(-rows, rows + 1)
        for column in range(-columns, columns + 1)
    ]
