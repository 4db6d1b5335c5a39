"""The executable agreement: who shares what with whom, from when until when."""
