"""The shapes of the API as its OpenAPI document shows them; ``usecases.documents`` fills them."""
