import re
from pathlib import Path

from runtime.settings import Settings

ROOT = Path(__file__).parents[2]


def test_every_setting_is_documented_and_no_other():
    text = (ROOT / "docs" / "settings.md").read_text()

    named = set(re.findall(r"^\| `ASSAY_(\w+)`", text, re.MULTILINE))

    assert named == {name.upper() for name in Settings.model_fields}


def test_links_in_the_documents_lead_somewhere():
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]

    dead = [
        (document.name, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text())
        if not (document.parent / target).exists()
    ]

    assert dead == []
