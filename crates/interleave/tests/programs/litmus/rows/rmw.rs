//! Atomicity: nothing comes between the load and the store of a read-modify-write.

rows! {
    "read-modify-write";
    "two additions",
        "x+1 | x+1 ; x",
        ["01/2 10/2"], [];
    "three additions",
        "x+1 | x+1 | x+1 ; x",
        ["012/3 021/3 102/3 120/3 201/3 210/3"], [];
    "two exchanges, one winner",
        "x(0>1) | x(0>2) ; x",
        ["01/1 20/2"], [];
    "two swaps",
        "x<1 | x<2 ; x",
        ["01/2 20/1"], [];
    "addition against a store",
        "x+1 | x=5 ; x",
        ["0/5 5/6"], [];
    "load and store are no addition",
        "x? x=1 | x+1 ; x",
        ["00/1 01/2 10/1"], [];
    "additions read the newest",
        "x=1 x+1 | x+1 ; x",
        ["10/2 12/3 21/3"], [];
    "exchange of two locations",
        "x(0>1).ar y? | y(0>1).ar x?",
        ["0000 0001 0100 0101"], [];
    "SeqCst exchange of two locations",
        "x(0>1).sc y?.sc | y(0>1).sc x?.sc",
        ["0001 0100 0101"], [];
    "additions synchronise",
        "z=1 x+1.ar z? | x+1.ar z?",
        ["0111 1100 1101"], [];
}
