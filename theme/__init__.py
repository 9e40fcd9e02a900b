"""The site and its pages: checks campaign files, builds the site with Pelican, and renders pages for the relay."""
