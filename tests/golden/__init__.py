"""Reports compared with files that hold them whole."""
