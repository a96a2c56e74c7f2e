"""Questions -> scores: the evaluation of the whole. Imports all the other layers."""
