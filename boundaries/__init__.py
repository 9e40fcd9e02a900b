"""Finds who represents an address: street book, districts and roster, one folder per state, no lookup service."""
