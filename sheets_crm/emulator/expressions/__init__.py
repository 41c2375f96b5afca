"""Regular expressions: RE2, which is Google's own engine, and what Java's rules for `findReplace` add to it."""
