"""Regular expressions by Java's rules, which `findReplace` follows (A: the API's reference), in bounded time."""
