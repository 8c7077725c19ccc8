"""The hands: Celery tasks, each a thin call to one use case, and the engine that feeds them."""
