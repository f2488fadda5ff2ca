//! A chain over three threads: data, first flag, second flag.

rows! {
    "ISA2";
    "relaxed",
        "x=1 y=1 | y? z=1 | z? x?",
        ["000 001 010 011 100 101 110 111"], [];
    "release, acquire",
        "x=1 y=1.rel | y?.acq z=1.rel | z?.acq x?",
        ["000 001 010 011 100 101 111"], [];
    "broken in the middle",
        "x=1 y=1.rel | y? z=1 | z?.acq x?",
        ["000 001 010 011 100 101 110 111"], [];
    "fence in the middle",
        "x=1 y=1.rel | y? F.ar z=1 | z?.acq x?",
        ["000 001 010 011 100 101 111"], [];
    "relaxed at the end",
        "x=1 y=1.rel | y?.acq z=1.rel | z? x?",
        ["000 001 010 011 100 101 110 111"], [];
}
