"""What `make` does: preparing a bare checkout, running the demonstration, the tests and the checks."""
