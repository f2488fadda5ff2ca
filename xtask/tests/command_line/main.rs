//! The command line as a user meets it, on copies of the miniature course beside this folder.

mod course;

mod doctor;
mod drill;
mod errors;
mod help;
mod interrupt;
mod lab;
mod reset;
mod selftest;
mod ungraded;
mod verify;
