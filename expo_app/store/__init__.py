"""Keeping the data: transactions, versions, backups."""
