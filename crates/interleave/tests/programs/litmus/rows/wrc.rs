//! Write to read causality: is what I saw before I told you seen by you too?

rows! {
    "WRC";
    "relaxed",
        "x=1 | x? y=1 | y? x?",
        ["000 001 010 011 100 101 110 111"], [];
    "release, acquire",
        "x=1.rel | x?.acq y=1.rel | y?.acq x?",
        ["000 001 010 011 100 101 111"], [];
    "second hop only",
        "x=1 | x? y=1.rel | y?.acq x?",
        ["000 001 010 011 100 101 111"], [];
    "first hop only",
        "x=1.rel | x?.acq y=1 | y? x?",
        ["000 001 010 011 100 101 110 111"], [];
    "second hop, acquiring load at the end only",
        "x=1.rel | x? y=1 | y?.acq x?",
        ["000 001 010 011 100 101 110 111"], [];
    "fences",
        "x=1 | x? F.ar y=1 | y? F.acq x?",
        ["000 001 010 011 100 101 111"], [];
    "SeqCst",
        "x=1.sc | x?.sc y=1.sc | y?.sc x?.sc",
        ["000 001 010 011 100 101 111"], [];
}
