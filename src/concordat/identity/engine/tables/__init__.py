"""Linking any table: read it, know its columns, write the result, measure it, report on it.

`reading` and `columns` bring a CSV or Parquet file to what the engine takes; `writing`, `pairs` and
`report` bring its answer back; `measuring` compares the answer with the truth where it is known.
"""
