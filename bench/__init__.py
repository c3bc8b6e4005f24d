"""Measurements against named rivals and against the limit of the machine, in one run: `python -m bench`."""
