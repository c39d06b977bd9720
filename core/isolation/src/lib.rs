//! What a host and the processes of its isolated passes say to each other ([`wire`]), and the rules under which these run
//! ([`rules`]): all of isolation that reads what others wrote. It knows no MLIR and starts nothing.

pub mod rules;
pub mod wire;
