"""What search needs on disk: vectors, words, and the catalog that says what is there."""
