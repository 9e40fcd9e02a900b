"""Builds the site: reads and checks campaign files, then writes pages and the files that go with them."""
