"""Words that a draft begins with, and that nobody should publish."""

from typing import Final

DOMAIN: Final = "my-domain"
TEAM: Final = "My team"
ADDRESS: Final = "owner@example.org"
