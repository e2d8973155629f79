"""Contrast of colours, as WCAG 2.2 defines it (success criterion 1.4.3). Colours are written ``#rrggbb``."""

from colorsys import hls_to_rgb, rgb_to_hls

ENOUGH = 4.5
INKS = ("#ffffff", "#101315")
STEPS = 20


def contrast(one: str, other: str) -> float:
    """The ratio between 1 and 21 that WCAG asks for."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_on(colour: str) -> str:
    """White or near black, whichever is easier to read on a colour."""
    return max(INKS, key=lambda ink: contrast(ink, colour))


def legible(colour: str, on: str) -> str:
    """The nearest shade of a colour that text or a bar can have on a background."""
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    end = 1.0 if readable_on(on) == INKS[0] else 0.0
    levels = (lightness + (end - lightness) * step / STEPS for step in range(STEPS + 1))
    shades = (_written(hls_to_rgb(hue, level, saturation)) for level in levels)
    return next(shade for shade in shades if contrast(shade, on) >= ENOUGH)


def _written(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB, from WCAG's definition."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
