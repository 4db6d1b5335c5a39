"""Concordat: police forces and fire services working as one without merging."""
