"""Many pages of paper as a job: scans read, and collection sheets whose letters are reviewed before an import."""
