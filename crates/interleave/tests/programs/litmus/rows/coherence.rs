//! Coherence: each location alone is as if memory were sequential.

rows! {
    "coherence";
    "CoRR",
        "x=1 | x? x?",
        ["00 01 11"], [];
    "CoRR, two stores",
        "x=1 x=2 | x? x?",
        ["00 01 02 11 12 22"], [];
    "CoRR, two writers and two readers",
        "x=1 | x=2 | x? x? | x? x?",
        ["0000 0001 0002 0011 0012 0021 0022 0100 0101 0102 0111 0112 0121 0122 0200 0201 0202 0211 \
        0212 0221 0222 1100 1101 1102 1111 1112 1121 1122 1200 1201 1202 1211 1212 1222 2100 2101 \
        2102 2111 2121 2122 2200 2201 2202 2211 2212 2221 2222"], [];
    "CoWR",
        "x=1 x? | x=2",
        ["1 2"], [];
    "CoRW",
        "x? x=1 | x=2 ; x",
        ["0/1 0/2 2/1"], [];
    "CoRW, two readers",
        "x? x=1 | x? x=2 ; x",
        ["00/1 00/2 01/2 20/1"], [];
    "CoWW",
        "x=1 x=2 ; x",
        ["/2"], [];
    "CoWW, another writer",
        "x=1 x=2 | x=3 ; x",
        ["/2 /3"], [];
    "CoWR after a hand-over",
        "x=1 y=1.rel | y?.acq x=2 x? ; x",
        ["01/1 02/1 02/2 12/2"], [];
}
