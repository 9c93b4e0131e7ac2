import pytest


@pytest.fixture(autouse=True)
def data_dir(tmp_path, settings):
    """Each test keeps its files in a folder of its own."""
    settings.DATA_DIR = tmp_path
    return tmp_path
