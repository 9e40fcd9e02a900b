"""Builds a site: campaign files read, checked and written out as pages and the files beside them."""
