"""How fast it is: own data in a database of its own, real HTTP against the real servers, a table of figures."""
