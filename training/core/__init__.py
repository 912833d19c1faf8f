"""Training of a fully connected network in numpy and scipy: no framework, no database, no queue.

Start with `trainer.train`. The equations are numbered as in the thesis; docs/training.md maps each
one to the line that computes it and the test that checks it.
"""
