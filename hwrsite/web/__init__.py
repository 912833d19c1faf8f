"""Pages that show all apps at once: the overview of who is signed in, and notices of jobs that have ended."""
