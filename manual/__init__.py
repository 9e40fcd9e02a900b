"""The handbook in docs/: built as a site by Pelican, and its reference, written from the code. Not in the wheel."""
