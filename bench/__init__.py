"""The figures: each of ours beside its limit, measured in the same run (`make bench`)."""
