"""The counter card of a fiche, as HTML and as a Word document."""
