"""The server's side of agents: codes and tokens, jobs and bundles that they ask for, results that they post."""
