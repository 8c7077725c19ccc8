"""The standing: verdicts over time -> quality and assurance of a product. Pure arithmetic."""
