"""Convolutions and pooling."""

import numpy as np

from .common import conv_nhwc, relu, windows


def conv_2d_nhwc(x, w):
    return conv_nhwc(x, w)


def conv_one_channel(x, w):
    return conv_nhwc(x, w, strides=(2, 2))


def conv_2d_strided(x, w):
    return conv_nhwc(x, w, strides=(2, 3))


def conv_2d_dilated(x, w):
    return conv_nhwc(x, w, dilations=(2, 2))


def conv_depthwise(x, w):
    return np.einsum("nhwijc,ijc->nhwc", windows(x.astype(np.float64), w.shape[:2]), w)


def conv_2d_nchw(x, w):
    return conv_nhwc(x.transpose(0, 2, 3, 1), w.transpose(2, 3, 1, 0)).transpose(0, 3, 1, 2)


def conv_2d_nchw_large(x, w):
    return conv_2d_nchw(x, w)


def conv_2d_nchw_strided(x, w):
    y = conv_nhwc(x.transpose(0, 2, 3, 1), w.transpose(2, 3, 1, 0))
    return y[:, ::2, ::3].transpose(0, 3, 1, 2)


def conv_2d_dynamic(x, w):
    return conv_nhwc(x, w)


def conv_1d(x, w):
    return conv_nhwc(x[:, :, None, :], w[:, None])[:, :, 0, :]


def conv_padded_bias_relu(x, w, bias):
    return relu(conv_nhwc(np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))), w) + bias)


def pool_max(x):
    return windows(x, (2, 2), strides=(2, 2)).max(axis=(3, 4))


def pool_average(x):
    return windows(x.astype(np.float64), (3, 3)).mean(axis=(3, 4))
