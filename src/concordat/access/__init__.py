"""Who may read what: the grants that agreements in force give, and the row policies they drive."""
