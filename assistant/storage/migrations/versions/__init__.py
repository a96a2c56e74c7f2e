"""One file a step, named after its revision. A step that was released is never changed: a later one corrects it."""
