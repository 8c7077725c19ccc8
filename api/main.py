"""The process: ``uvicorn --factory api.main:create``."""

from fastapi import FastAPI

from api.app import create_app
from runtime.build import build_serving_store
from runtime.dead_man import watch_engine
from runtime.logs import configure
from runtime.orphan import end_with
from runtime.settings import Settings


def create() -> FastAPI:
    """Read the settings, set up logs and return the app; the first request opens the store."""
    settings = Settings()
    configure(settings)
    end_with(settings.supervisor)
    store = build_serving_store(settings)
    watch_engine(store, settings)
    return create_app(store, settings)
