"""Tests of pure Python, without a database."""
