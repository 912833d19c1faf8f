"""Training of a fully connected network in numpy and scipy: no framework, no database, no queue.

Read in this order:

1. `reference`: the whole of the mathematics in plain lines, one sample at a time.
2. `trainer.train`: the generator that everything else calls, and `loop.Loop`: the update from a mini-batch.
3. `backpropagation`, `optimization.optimizers`: the same mathematics for whole mini-batches, fast.
4. `first_layer`: where most of the time goes, and how paper is left out of it.

`hyperparameters` (described in `options`) says what can be chosen. The equations are numbered as in the thesis;
docs/training.md maps each one to the line that computes it and the test that checks it.
"""
