import re

from tests.api.guests import Guest


def test_the_documentation_loads_nothing_from_elsewhere(viewer: Guest):
    answer = viewer.get("/docs")

    found = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert found
    assert all(address.startswith("/") for address in found)
    assert {viewer.get(address).status_code for address in found} == {200}
    assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_there_is_no_second_documentation(viewer: Guest):
    assert viewer.get("/redoc").status_code == 404


def test_what_is_inside_knows_the_dark_look_that_is_turned_on(viewer: Guest):
    assert "html.dark-mode .swagger-ui" in viewer.get("/static/docs/swagger-ui.css").text
    assert '"dark-mode"' in viewer.get("/static/docs.js").text
    assert ".dark-mode #api" in viewer.get("/static/docs.css").text
