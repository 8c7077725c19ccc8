"""The service's face: a JSON API with problem documents, and pages rendered on the server."""
