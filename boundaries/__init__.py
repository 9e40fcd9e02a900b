"""Who represents this address: street book, districts and roster, one folder per state. No look-up service."""
