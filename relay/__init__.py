"""From a form post to letters in legislators' inboxes."""
