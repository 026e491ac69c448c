from math import cos, sin, sqrt


def slope(x):
    h_0, dh_0 = cos(x), -sin(x)
    h_1 = (h_0**3 + sin(x)) / sqrt(2)
    dh_1 = (3 * h_0**2 * dh_0 + cos(x)) / sqrt(2)
    return (h_0 * dh_0 + h_1 * dh_1) / sqrt(h_0**2 + h_1**2)
