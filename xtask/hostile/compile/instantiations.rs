//! what: a function of which 2^40 versions are needed, none of them deep
//! expect: stopped-by-limit

use std::{ffi::OsString, process::ExitCode};

use std::marker::PhantomData;

struct Left<T>(PhantomData<T>);
struct Right<T>(PhantomData<T>);

macro_rules! levels {
    ($leaf:ident) => {
        trait $leaf<T> {
            fn count() -> u64 {
                1
            }
        }
        impl<T> $leaf<T> for () {}
    };
    ($level:ident $next:ident $($others:ident)*) => {
        trait $level<T> {
            fn count() -> u64 {
                <() as $next<Left<T>>>::count() + <() as $next<Right<T>>>::count()
            }
        }
        impl<T> $level<T> for () {}
        levels!($next $($others)*);
    };
}

levels!(A0 A1 A2 A3 A4 A5 A6 A7 A8 A9 B0 B1 B2 B3 B4 B5 B6 B7 B8 B9
        C0 C1 C2 C3 C4 C5 C6 C7 C8 C9 D0 D1 D2 D3 D4 D5 D6 D7 D8 D9);

pub fn main(_: Vec<OsString>) -> ExitCode {
    println!("{}", <() as A0<()>>::count());
    ExitCode::SUCCESS
}
