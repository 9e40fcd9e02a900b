"""Reads the public sources: streets, addresses, districts, towns, members; fetched, checked, in one form."""
