"""The pledge desk: promises that people make in a hall, on any phone and without an account, and how they become pledges."""
