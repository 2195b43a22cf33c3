"""The commands, one file a noun: parse, call one workflow, print one result."""
