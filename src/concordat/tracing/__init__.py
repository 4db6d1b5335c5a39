"""Following people and things across borders: search, and watches that tell of what is logged."""
