"""``assay demo``: the whole story on real work, each step seen in the API or in the mail."""
