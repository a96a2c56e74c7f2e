"""The labelled questions and sentences, read and checked."""
