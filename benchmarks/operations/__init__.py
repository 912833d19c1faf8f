"""What an operator relies on: load, services that are lost, backups that come back."""
