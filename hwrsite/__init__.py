"""The site: settings, addresses, the queue, and what starts it. Only this package knows every app."""
