"""Following people and things across borders: search first."""
