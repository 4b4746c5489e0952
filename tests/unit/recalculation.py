"""Another program computes a workbook again: helpers of the workbook tests."""

import shutil
import subprocess

import openpyxl
import pytest


def recalculate(path):
    """The workbook after LibreOffice computed every formula again."""
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("LibreOffice (soffice) is not installed: nothing recalculates")
    out = path.parent / "out"
    profile = (path.parent / "profile").as_uri()
    # A new profile recalculates files that LibreOffice did not write.
    command = [soffice, f"-env:UserInstallation={profile}", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run(
        [*command, "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return out / path.name


def spoil(path, changes=()):
    """Drop the kept value of every formula, so that only computing can give it.

    :param changes: triples of sheet, cell and value that are written before
    """
    book = openpyxl.load_workbook(path)  # openpyxl writes formulas without values
    for sheet, cell, value in changes:
        book[sheet][cell] = value
    book.save(path)


def differences(first, second):
    """Cells of which two workbooks hold other values: (sheet, cell, one, other)."""
    one = openpyxl.load_workbook(first, data_only=True)
    other = openpyxl.load_workbook(second, data_only=True)
    assert one.sheetnames == other.sheetnames
    return [
        (sheet.title, cell.coordinate, cell.value, found)
        for sheet in one
        for row in sheet.iter_rows()
        for cell in row
        if not _same(cell.value, found := other[sheet.title][cell.coordinate].value)
    ]


def _same(one, other):
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < 1e-6 * max(1.0, abs(one))
    return (one or None) == (other or None)
