"""What the pages of site and relay are made of: their words, languages, maps, and what the templates are given."""
