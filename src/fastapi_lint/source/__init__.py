"""Files: which ones there are, what their text is, what they are for, and what their comments silence."""
