"""Assembles a state's folder and puts it into effect: staged beside the old files, compared, swapped in."""
