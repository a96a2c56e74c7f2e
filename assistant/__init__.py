"""Question -> understanding -> passages -> answer; command line and page. Imports index and corpus."""
