"""Documents to print and to keep: PDF from the same templates as the pages."""
