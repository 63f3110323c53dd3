"""Reporting: functions of a result; they format and never compute."""
