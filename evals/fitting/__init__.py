"""What is learned, fitted on labelled data."""
