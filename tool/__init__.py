"""Set-up, start and test of the CRM on one machine: ``python3 -m tool --help``.

Only the standard library is used, because this runs before anything is installed.
"""
