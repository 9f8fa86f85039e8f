"""Language of a text, its sentences, its numbers, and its words as the lexical index sees them."""
