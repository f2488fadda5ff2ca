//! R: a store that comes first in its location's order, and a load that misses a store.

rows! {
    "R";
    "relaxed",
        "x=1 y=1 | y=2 x? ; y",
        ["0/1 0/2 1/1 1/2"], [];
    "release, acquire",
        "x=1 y=1.rel | y=2 x?.acq ; y",
        ["0/1 0/2 1/1 1/2"], [];
    "SeqCst",
        "x=1.sc y=1.sc | y=2.sc x?.sc ; y",
        ["0/1 1/1 1/2"], [];
    "SeqCst fences",
        "x=1 F.sc y=1 | y=2 F.sc x? ; y",
        ["0/1 1/1 1/2"], [];
    "fence on one side",
        "x=1 F.sc y=1 | y=2 x? ; y",
        ["0/1 0/2 1/1 1/2"], [];
    "swap",
        "x=1 y<1.ar | y<2.ar x? ; y",
        ["011/2 200/1 201/1"], [];
}
