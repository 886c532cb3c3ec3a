"""Work in bulk and in the background: importing folders, nightly duties."""
