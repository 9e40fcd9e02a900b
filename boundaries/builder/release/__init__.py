"""Puts a state's folder together and in force: made beside the old files, compared, swapped."""
