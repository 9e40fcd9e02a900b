"""Makes the street book: which numbers of which street lie in which districts, and what is asked about."""
