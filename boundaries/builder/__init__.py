"""Compiles a state's folder from public sources. Needs the `build` extra; the relay never imports it."""
