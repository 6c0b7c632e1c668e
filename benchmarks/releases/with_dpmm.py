"""dpmm's MST on a table, in its own environment: python with_dpmm.py TABLE.csv OUT EPSILON DELTA SIZE,SIZE"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from dpmm.models.mst import MSTGM


def main(table, out, epsilon, delta, sizes):
    data = pd.read_csv(table).fillna(0).astype(int)
    model = MSTGM(epsilon=float(epsilon), delta=float(delta), n_jobs=1)
    # The lists of codes are given, 0 for not recorded.
    lengths = [int(size) + 1 for size in sizes.split(",")]
    model.set_domain(dict(zip(data.columns, lengths, strict=True)))
    model.set_random_state(np.random.RandomState())
    model.fit(data)
    rows = model.generate(n_records=len(data))[list(data.columns)].astype(int)
    rows.astype(str).replace("0", "").to_csv(Path(out) / "rows.csv", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
