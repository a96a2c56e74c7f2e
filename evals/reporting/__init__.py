"""Tables, report and README made from saved results."""
