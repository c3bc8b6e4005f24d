"""The dashboard: pages of tiles, each a question to the warehouse, rendered by the server."""
