"""Whole user stories across the addons."""
