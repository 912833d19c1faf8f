"""scikit-learn's handwritten digits, in an environment that has it: prints {"0": [picture, …], …}, 8×8 rows of 0…16."""

import json

from sklearn.datasets import load_digits  # type: ignore[import-not-found]

if __name__ == "__main__":
    digits = load_digits()
    found: dict[str, list[list[list[int]]]] = {}
    for picture, digit in zip(digits.images.astype(int).tolist(), digits.target.tolist(), strict=True):
        found.setdefault(str(digit), []).append(picture)
    print(json.dumps(found))
