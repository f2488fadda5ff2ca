//! The driver's side of the protocol.
