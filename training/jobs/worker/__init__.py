"""Everything that works around Celery and its queues."""
