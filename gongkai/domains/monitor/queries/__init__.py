"""What the monitor knows: the manifest, the state of links, the last watches."""
