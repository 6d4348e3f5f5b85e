//! Tests of the workspace itself: who imports whom, and habits.

#[cfg(test)]
mod imports;
#[cfg(test)]
mod tidy;
