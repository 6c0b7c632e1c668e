"""What a record is: fields, vocabularies, rules, and the files it is read from and written to."""
