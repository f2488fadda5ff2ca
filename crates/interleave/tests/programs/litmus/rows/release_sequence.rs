//! Release sequences: which later stores still carry the release?

rows! {
    "release sequences";
    "addition of another thread",
        "x=1 y=1.rel | y+1 | y?.acq x?",
        ["000 001 010 011 100 101 111 121"], [];
    "swap of another thread",
        "x=1 y=1.rel | y<3 | y?.acq x?",
        ["000 001 011 030 031 100 101 111 131"], [];
    "two additions",
        "x=1 y=1.rel | y+1 | y+1 | y?.acq x?",
        ["0100 0101 0110 0111 0120 0121 1000 1001 1010 1011 1020 1021 1200 1201 1211 1221 1231 2100 \
        2101 2111 2121 2131"], [];
    "exchange of another thread",
        "x=1 y=1.rel | y(1>2) | y?.acq x?",
        ["000 001 011 100 101 111 121"], [];
    "plain store of another thread",
        "x=1 y=1.rel | y=2 | y?.acq x?",
        ["00 01 11 20 21"], [];
    "plain store of the same thread",
        "x=1 y=1.rel y=2 | y?.acq x?",
        ["00 01 11 20 21"], [];
    "addition of the same thread",
        "x=1 y=1.rel y+1 | y?.acq x?",
        ["100 101 111 121"], [];
    "behind a fence",
        "x=1 F.rel y=1 | y+1 | y?.acq x?",
        ["000 001 010 011 100 101 111 121"], [];
    "ends in an acquire fence",
        "x=1 y=1.rel | y+1 | y? F.acq x?",
        ["000 001 010 011 100 101 111 121"], [];
    "releasing addition carries both",
        "x=1 y=1.rel | z=1 y+1.ar | y?.acq x? z?",
        ["0000 0001 0010 0011 0101 0110 0111 1000 1001 1010 1011 1110 1111 1211"], [];
    "releasing addition without acquire",
        "x=1 y=1.rel | z=1 y+1.rel | y?.acq x? z?",
        ["0000 0001 0010 0011 0101 0110 0111 1000 1001 1010 1011 1110 1111 1211"], [];
}
