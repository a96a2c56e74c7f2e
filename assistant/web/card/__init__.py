"""The counter card of a fiche: what it says (`card`), as HTML (`html`) and as a Word document (`word`)."""
