"""What is promised about: domains, data products and their output ports. Pure."""
