"""The only place that defines SQL tables, their guards and their migrations."""
