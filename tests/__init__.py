"""Tests: they mirror the tree; browser, services and faults have folders of their own."""
