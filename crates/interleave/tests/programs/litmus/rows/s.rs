//! S: who sees the flag stores; may the store lose against the older one?

rows! {
    "S";
    "relaxed",
        "x=2 y=1 | y? x=1 ; x",
        ["0/1 0/2 1/1 1/2"], [WriteOrder "1/2"];
    "release, acquire",
        "x=2 y=1.rel | y?.acq x=1 ; x",
        ["0/1 0/2 1/1"], [];
    "release only",
        "x=2 y=1.rel | y? x=1 ; x",
        ["0/1 0/2 1/1 1/2"], [WriteOrder "1/2"];
    "acquire only",
        "x=2 y=1 | y?.acq x=1 ; x",
        ["0/1 0/2 1/1 1/2"], [WriteOrder "1/2"];
    "fences",
        "x=2 F.rel y=1 | y? F.acq x=1 ; x",
        ["0/1 0/2 1/1"], [];
    "SeqCst",
        "x=2.sc y=1.sc | y?.sc x=1.sc ; x",
        ["0/1 0/2 1/1"], [];
}
