"""The commands on data. Each turns its words into one call of an action or a query."""
