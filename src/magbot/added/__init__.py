"""Documents that people add to their own magbot: read, kept as files in the data folder, and put into the index."""
