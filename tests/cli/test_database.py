import pytest

from cli.database import open_store
from cli.errors import Unready


@pytest.mark.usefixtures("store")
def test_a_database_of_this_release_is_opened(tmp_path):
    with open_store(tmp_path) as store, store.read() as shelf:
        assert shelf.tokens.all() == ()


def test_one_of_another_release_is_not_touched(tmp_path):
    (tmp_path / "assay.db").touch()

    with pytest.raises(Unready, match="'assay migrate'"), open_store(tmp_path):
        pass
