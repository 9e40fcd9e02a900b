"""Makes the street book: which numbers of which street lie in which districts, and which need a question."""
