"""A chat model writes from the passages; the gate lets pass what they support."""
