//! Load buffering: may each thread read what the other stores afterwards?

rows! {
    "LB";
    "relaxed",
        "x? y=1 | y? x=1",
        ["00 01 10 11"], [LoadBuffering "11"];
    "acquire loads",
        "x?.acq y=1 | y?.acq x=1",
        ["00 01 10 11"], [LoadBuffering "11"];
    "release stores",
        "x? y=1.rel | y? x=1.rel",
        ["00 01 10 11"], [LoadBuffering "11"];
    "one release, one acquire",
        "x?.acq y=1.rel | y? x=1",
        ["00 01 10 11"], [LoadBuffering "11"];
    "acquire here, release there",
        "x?.acq y=1 | y? x=1.rel",
        ["00 01 10"], [];
    "both pairs",
        "x?.acq y=1.rel | y?.acq x=1.rel",
        ["00 01 10"], [];
    "SeqCst",
        "x?.sc y=1.sc | y?.sc x=1.sc",
        ["00 01 10"], [];
    "SeqCst fences",
        "x? F.sc y=1 | y? F.sc x=1",
        ["00 01 10"], [];
    "acquire fences",
        "x? F.acq y=1 | y? F.acq x=1",
        ["00 01 10 11"], [LoadBuffering "11"];
}
