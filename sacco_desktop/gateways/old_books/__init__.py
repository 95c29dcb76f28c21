"""Reads workbooks and tables from outside, in a process of their own, so that a hostile file can harm nothing."""
