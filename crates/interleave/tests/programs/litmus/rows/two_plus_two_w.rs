//! 2+2W: may each location end with the first store of a thread?

rows! {
    "2+2W";
    "relaxed",
        "x=1 y=2 | y=1 x=2 ; x y",
        ["/11 /12 /21 /22"], [WriteOrder "/11"];
    "release",
        "x=1 y=2.rel | y=1 x=2.rel ; x y",
        ["/11 /12 /21 /22"], [WriteOrder "/11"];
    "SeqCst",
        "x=1.sc y=2.sc | y=1.sc x=2.sc ; x y",
        ["/12 /21 /22"], [];
    "SeqCst fences",
        "x=1 F.sc y=2 | y=1 F.sc x=2 ; x y",
        ["/12 /21 /22"], [];
    "swaps",
        "x<1.ar y<2.ar | y<1.ar x<2.ar ; x y",
        ["0021/21 0101/22 2100/12"], [];
}
