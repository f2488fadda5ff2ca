//! `SeqCst` among other orderings.

rows! {
    "SeqCst mixes";
    "Z6.U of the RC11 paper",
        "x=1.sc y=1.rel | y+1.sc y? | y=3.sc x?.sc",
        ["010 011 030 031 120 121 130 131 310 311 340 341"], [StrongSeqCst "130"];
    "IRIW, acquire then SeqCst",
        "x=1.sc | x?.acq y?.sc | y?.acq x?.sc | y=1.sc",
        ["0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111"], [StrongSeqCst "1010"];
    "RWC, fences",
        "x=1 | x?.acq F.sc y? | y=1 F.sc x?",
        ["000 001 010 011 101 110 111"], [];
    "RWC, SeqCst",
        "x=1.sc | x?.sc y?.sc | y=1.sc x?.sc",
        ["000 001 010 011 101 110 111"], [];
    "RWC, SeqCst loads",
        "x=1.rel | x?.acq y?.sc | y=1.sc x?.sc",
        ["000 001 010 011 100 101 110 111"], [];
    "W+RWC, fences",
        "x=1 z=1.rel | z?.acq F.sc y? | y=1 F.sc x?",
        ["000 001 010 011 101 110 111"], [];
    "MP with a SeqCst store, relaxed load",
        "x=1 y=1.sc | y? x?",
        ["00 01 10 11"], [];
    "SeqCst load of an older relaxed store",
        "x=1.sc x=2 | x?.sc x?.sc",
        ["00 01 02 11 12 22"], [];
    "SeqCst load after a SeqCst store elsewhere",
        "x=1.sc | y=1.sc x?.sc | x?.sc y?.sc",
        ["000 001 011 100 101 110 111"], [];
    "fence orders a relaxed store before a SeqCst load",
        "x=1 F.sc | y=1.sc x?.sc y? | x? y?.sc",
        ["0100 0101 0110 0111 1100 1101 1110 1111"], [];
    "SB, swap and fence",
        "x<1.sc y? | y=1 F.sc x?",
        ["000 001 010 011"], [];
    "SB, SeqCst addition of zero",
        "x=1 y+0.sc | y=1 x+0.sc",
        ["00 01 10 11"], [WriteOrder "00"];
    "SB, relaxed addition of zero",
        "x=1 y+0 | y=1 x+0",
        ["00 01 10 11"], [WriteOrder "00"];
}
