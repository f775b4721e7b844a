"""The run over a repository: workers that read objects, and what is told of them."""
