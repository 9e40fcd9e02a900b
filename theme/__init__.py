"""What a visitor sees: campaign files checked and rendered, by Pelican for the site and by the relay for its pages."""
