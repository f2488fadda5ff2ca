//! Independent reads of independent writes: may two readers see two stores in different orders?

rows! {
    "IRIW";
    "relaxed",
        "x=1 | y=1 | x? y? | y? x?",
        ["0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111"], [];
    "release, acquire",
        "x=1.rel | y=1.rel | x?.acq y?.acq | y?.acq x?.acq",
        ["0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111"], [];
    "SeqCst",
        "x=1.sc | y=1.sc | x?.sc y?.sc | y?.sc x?.sc",
        ["0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1011 1100 1101 1110 1111"], [];
    "SeqCst fences between the loads",
        "x=1 | y=1 | x? F.sc y? | y? F.sc x?",
        ["0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1011 1100 1101 1110 1111"], [];
    "SeqCst stores and second loads",
        "x=1.sc | y=1.sc | x?.acq y?.sc | y?.acq x?.sc",
        ["0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111"], [StrongSeqCst "1010"];
    "SeqCst loads only",
        "x=1 | y=1 | x?.sc y?.sc | y?.sc x?.sc",
        ["0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111"], [StrongSeqCst "1010"];
}
