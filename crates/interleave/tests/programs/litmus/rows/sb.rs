//! Store buffering: may each thread miss the other's store?

rows! {
    "SB";
    "relaxed",
        "x=1 y? | y=1 x?",
        ["00 01 10 11"], [];
    "release, acquire",
        "x=1.rel y?.acq | y=1.rel x?.acq",
        ["00 01 10 11"], [];
    "SeqCst",
        "x=1.sc y?.sc | y=1.sc x?.sc",
        ["01 10 11"], [];
    "SeqCst stores only",
        "x=1.sc y? | y=1.sc x?",
        ["00 01 10 11"], [];
    "SeqCst loads only",
        "x=1 y?.sc | y=1 x?.sc",
        ["00 01 10 11"], [];
    "one side SeqCst",
        "x=1.sc y?.sc | y=1 x?",
        ["00 01 10 11"], [];
    "SeqCst fences",
        "x=1 F.sc y? | y=1 F.sc x?",
        ["01 10 11"], [];
    "one SeqCst fence",
        "x=1 F.sc y? | y=1 x?",
        ["00 01 10 11"], [];
    "SeqCst fence against SeqCst accesses",
        "x=1 F.sc y? | y=1.sc x?.sc",
        ["01 10 11"], [];
    "AcqRel fences",
        "x=1 F.ar y? | y=1 F.ar x?",
        ["00 01 10 11"], [];
    "swaps for stores",
        "x<1.ar y?.acq | y<1.ar x?.acq",
        ["0000 0001 0100 0101"], [];
    "SeqCst swaps, relaxed loads",
        "x<1.sc y? | y<1.sc x?",
        ["0000 0001 0100 0101"], [];
    "additions of zero for loads",
        "x=1.rel y+0.ar | y=1.rel x+0.ar",
        ["00 01 10 11"], [WriteOrder "00"];
    "three threads, SeqCst fences",
        "x=1 F.sc y? | y=1 F.sc z? | z=1 F.sc x?",
        ["001 010 011 100 101 110 111"], [];
    "three threads, relaxed",
        "x=1 y? | y=1 z? | z=1 x?",
        ["000 001 010 011 100 101 110 111"], [];
    "two stores each",
        "x=1 x=2 y? | y=1 y=2 x?",
        ["00 01 02 10 11 12 20 21 22"], [];
    "failing exchanges for loads",
        "x=1 y(1>2) | y=1 x(1>2)",
        ["00 01 10 11"], [];
}
