"""Exact look-ups in the tables and arithmetic on their rows, with the working shown."""
