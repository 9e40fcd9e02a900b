"""Reads what public sources say: streets, addresses, districts, towns, members; fetched, checked, in one form."""
