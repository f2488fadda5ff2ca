//! Reader-writer locks of other designs, one idea each.
//!
//! | stage | the idea | who may starve | an uncontended read |
//! |---|---|---|---|
//! | [`reader_preference`] | the first reader locks out the writers, the last one lets them in | writers | two mutexes |
//! | [`word`] | everything in one word, as in `std` | readers | two atomic instructions |
//! | [`slots`] | each thread has a word of its own to say that it reads | readers | two atomic instructions, at a line that no other reader writes |
//!
//! They only do `read` and `write`.

pub mod reader_preference;
pub mod slots;
pub mod word;
