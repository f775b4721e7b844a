"""The project's promises about itself."""
