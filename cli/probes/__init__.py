"""What ``assay doctor`` looks at, each a function of the settings."""
