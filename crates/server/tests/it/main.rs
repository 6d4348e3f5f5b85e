//! The server as a whole: its router in process, or its program.

#[cfg(test)]
mod access;
#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod changes_access;
#[cfg(test)]
mod changes_failures;
#[cfg(test)]
mod common;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod entry;
#[cfg(test)]
mod events;
#[cfg(test)]
mod gate;
#[cfg(test)]
mod health;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod icons;
#[cfg(test)]
mod lost_updates;
#[cfg(test)]
mod own_account;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod program;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod proxy_failures;
#[cfg(test)]
mod proxy_limits;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod router;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod trail;
#[cfg(test)]
mod weather;
