"""Pure functions that turn what queries return into what templates show."""
