"""The demonstration: fictional organisations on real geography, with the figures of 2016-17. Call `loading.load`."""
