"""What a customer may hand in. Covers: SRV-13"""

import pytest

from odoo.addons.crm_service.tools.uploads import Limits, find_problems, sniff


@pytest.mark.parametrize(
    "content, kind",
    [
        (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"%PDF-1.7", "application/pdf"),
        (b"XXXX\x00\x00\x00\x00WEBP", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<html><script>", None),
        (b"MZ\x90", None),
        (b" %PDF-1.7", None),
        (b"", None),
    ],
)
def test_the_type_is_read_from_the_first_bytes(content, kind):
    assert sniff(content) == kind


def test_every_problem_is_found_and_named():
    limits = Limits(number=3, size=20, total=50)
    pdf = b"%PDF-1.7"
    assert find_problems([("a", pdf), ("b", pdf)], limits) == ()
    assert find_problems([], limits) == ()
    found = find_problems(
        [("a", pdf), ("b", b""), ("c", b"text"), ("d", pdf + b"x" * 40)], limits
    )
    assert [tuple(problem) for problem in found] == [
        ("number", ""),
        ("total", ""),
        ("empty", "b"),
        ("type", "c"),
        ("size", "d"),
    ]
