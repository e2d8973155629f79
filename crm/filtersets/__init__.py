"""Filters that pages and API share, one module per resource."""
