"""Where bytes come from: each source yields a blob or a skip."""
