"""Documents in: reading files, their metadata, tables, and the check of the whole corpus."""
