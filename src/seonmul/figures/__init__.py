"""The figures that operators may change (limits, times, amounts of product.md), each with its history.

Refuses to know what a figure is used for: rules receive all of them as one frozen object.
Nouns: figure, figures.
"""
