"""Draw the demo company's logo, so that no image of others is shipped."""

import io

from PIL import Image, ImageDraw


def draw_logo(size=(360, 120)):
    """Return the PNG bytes of a hexagon (a ring molecule) with a drop in it.

    ``size``: width and height in pixels.
    """
    image = Image.new("RGBA", size, (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    radius = size[1] * 0.42
    middle = size[1] / 2
    for left, colour in ((0.0, "#0b5563"), (0.78, "#d98324"), (1.56, "#7a9e3f")):
        x = radius + 6 + left * radius * 1.15
        corners = [
            (x + radius * dx, middle + radius * dy)
            for dx, dy in (
                (0, -1), (0.866, -0.5), (0.866, 0.5),
                (0, 1), (-0.866, 0.5), (-0.866, -0.5),
            )
        ]  # fmt: skip
        draw.line([*corners, corners[0]], fill=colour, width=9, joint="curve")
        drop = radius * 0.3
        draw.ellipse((x - drop, middle - drop, x + drop, middle + drop), fill=colour)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
