"""Draw icon.png of the Service application: a headset on a teal tile.

Run it from this folder: ``python draw_icon.py``. Drawn four times as large, then
reduced, so that the edges are smooth.
"""

from pathlib import Path

from PIL import Image, ImageDraw

SIZE, SCALE = 128, 4
TEAL, DARK, WHITE, AMBER = "#12807a", "#0c5f5b", "#ffffff", "#f5b83d"


def _box(*edges):
    return [edge * SCALE for edge in edges]


def draw():
    """Return the icon as an image of SIZE x SIZE pixels."""
    image = Image.new("RGBA", (SIZE * SCALE, SIZE * SCALE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle(_box(4, 4, 124, 124), radius=24 * SCALE, fill=TEAL)
    pen.rounded_rectangle(_box(4, 92, 124, 124), radius=24 * SCALE, fill=DARK)
    pen.rectangle(_box(4, 88, 124, 100), fill=TEAL)
    # band of the headset, ear pieces, microphone
    pen.arc(_box(30, 26, 98, 94), 180, 360, fill=WHITE, width=8 * SCALE)
    pen.rounded_rectangle(_box(24, 58, 42, 86), radius=7 * SCALE, fill=WHITE)
    pen.rounded_rectangle(_box(86, 58, 104, 86), radius=7 * SCALE, fill=WHITE)
    pen.arc(_box(50, 58, 98, 104), 10, 100, fill=WHITE, width=6 * SCALE)
    pen.ellipse(_box(58, 94, 76, 110), fill=AMBER)
    return image.resize((SIZE, SIZE), Image.LANCZOS)


if __name__ == "__main__":
    draw().save(Path(__file__).parent / "icon.png")
