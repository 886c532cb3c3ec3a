"""Makes the sample government's files out of its manuscripts: `python -m sample.build`."""
