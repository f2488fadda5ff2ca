//! Message passing: does who sees the flag see the data?

rows! {
    "MP";
    "relaxed",
        "x=1 y=1 | y? x?",
        ["00 01 10 11"], [];
    "release only",
        "x=1 y=1.rel | y? x?",
        ["00 01 10 11"], [];
    "acquire only",
        "x=1 y=1 | y?.acq x?",
        ["00 01 10 11"], [];
    "release, acquire",
        "x=1 y=1.rel | y?.acq x?",
        ["00 01 11"], [];
    "SeqCst",
        "x=1.sc y=1.sc | y?.sc x?.sc",
        ["00 01 11"], [];
    "SeqCst flag",
        "x=1 y=1.sc | y?.sc x?",
        ["00 01 11"], [];
    "release fence, acquire fence",
        "x=1 F.rel y=1 | y? F.acq x?",
        ["00 01 11"], [];
    "release fence, acquire load",
        "x=1 F.rel y=1 | y?.acq x?",
        ["00 01 11"], [];
    "release store, acquire fence",
        "x=1 y=1.rel | y? F.acq x?",
        ["00 01 11"], [];
    "release fence only",
        "x=1 F.rel y=1 | y? x?",
        ["00 01 10 11"], [];
    "acquire fence only",
        "x=1 y=1 | y? F.acq x?",
        ["00 01 10 11"], [];
    "fences that do not fit",
        "x=1 F.acq y=1 | y? F.rel x?",
        ["00 01 10 11"], [];
    "release fence behind the flag",
        "x=1 y=1 F.rel | y? F.acq x?",
        ["00 01 10 11"], [];
    "acquire fence before the flag",
        "x=1 F.rel y=1 | F.acq y? x?",
        ["00 01 10 11"], [];
    "SeqCst fences",
        "x=1 F.sc y=1 | y? F.sc x?",
        ["00 01 11"], [];
    "AcqRel fences",
        "x=1 F.ar y=1 | y? F.ar x?",
        ["00 01 11"], [];
    "swap for the flag",
        "x=1 y<1.rel | y<2.acq x?",
        ["011 200 201"], [];
    "addition for the flag, acquire on the wrong side",
        "x=1 y+1.acq | y+0.rel x?",
        ["000 001 010 011"], [];
    "exchange that acquires",
        "x=1 y=1.rel | y(1>2).acq x?",
        ["00 01 11"], [];
    "failed exchange is relaxed",
        "x=1 y=1.rel | y(5>2).acq x?",
        ["00 01 10 11"], [];
    "two data",
        "x=1 z=1 y=1.rel | y?.acq x? z?",
        ["000 001 010 011 111"], [];
    "overwritten flag",
        "x=1 y=1.rel y=2.rel | y?.acq x?",
        ["00 01 11 21"], [];
}
