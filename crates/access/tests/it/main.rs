//! Tests of the crate as others use it.

#[cfg(test)]
mod again;
#[cfg(test)]
mod common;
#[cfg(test)]
mod diff;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod flips;
#[cfg(test)]
mod follower;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod loading;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod open_doors;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod wire;
#[cfg(test)]
mod worlds;
