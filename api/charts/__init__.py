"""Scores -> geometry. Templates draw it as SVG, where all text is escaped like any other."""
