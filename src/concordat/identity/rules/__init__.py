"""The rules of identity: pure, and the same in bulk, for one record and for one’s own view."""
