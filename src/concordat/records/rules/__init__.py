"""Pure rules of the register: reading source rows, verdicts, places, questions."""
