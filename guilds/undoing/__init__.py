"""Taking back the latest change of a record, where its life allows it."""
