"""The generated engine, measured."""
