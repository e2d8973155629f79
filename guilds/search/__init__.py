"""Finding records by words that somebody types, with a slip of the finger in them; one way for every database."""
