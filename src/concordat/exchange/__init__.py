"""A whole force out, and in again: everything it owns in open formats, and its way out."""
