"""What the pages of site and relay are made of: sentences, languages, maps, and the views templates receive."""
