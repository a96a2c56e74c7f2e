"""A chat model writes from the passages that the embedded answer quotes; the gate lets pass what they support.

engine leads: passages, prompt, models/, output_checks, gate/, combine; failures says why a model's text was not used.
"""
