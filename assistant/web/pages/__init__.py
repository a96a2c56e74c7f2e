"""The pages beside the conversation."""
