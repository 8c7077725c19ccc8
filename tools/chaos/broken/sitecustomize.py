"""Python imports this by itself where a control is on: see ``tools.chaos.controls``."""

from tools.chaos.controls import break_on_purpose

break_on_purpose()
