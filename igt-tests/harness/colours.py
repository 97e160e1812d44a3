# SPDX-License-Identifier: MIT
"""Y'CbCr as primesim makes RGB of it, to the bit: the formula and its numbers are include/uapi/drm/primesim_drm.h's."""

import array

MATRICES = {  # y0, KY, KRV, KGU, KGV, KBU
    ("BT.601", "limited"): (16, 76309, 104597, 25675, 53279, 132201),
    ("BT.601", "full"): (0, 65536, 91881, 22553, 46802, 116130),
    ("BT.709", "limited"): (16, 76309, 117489, 13975, 34925, 138438),
    ("BT.709", "full"): (0, 65536, 103206, 12276, 30679, 121609),
    ("BT.2020", "limited"): (16, 76309, 110014, 12277, 42626, 140363),
    ("BT.2020", "full"): (0, 65536, 96639, 10784, 37444, 123299),
}


def argb_of_yuyv(data, encoding, range_):
    """Opaque ARGB8888 of such an encoding ("BT.601") and range ("limited" or "full")."""
    matrix = MATRICES[encoding, range_]
    groups = array.array("I", bytes(data))
    # A picture has few different groups of two pixels.
    table = {group: _pair(group.to_bytes(4, "little"), matrix) for group in set(groups)}
    return array.array("Q", map(table.__getitem__, groups)).tobytes()


def _pair(group, matrix):
    first, u, second, v = group
    return _pixel(first, u - 128, v - 128, matrix) | _pixel(second, u - 128, v - 128, matrix) << 32


def _pixel(luma, u, v, matrix):
    black, ky, krv, kgu, kgv, kbu = matrix
    y = (luma - black) * ky + 32768
    red, green, blue = (min(max(total >> 16, 0), 255) for total in (y + krv * v, y - kgu * u - kgv * v, y + kbu * u))
    return 0xff << 24 | red << 16 | green << 8 | blue
