//! The guided set-up for OpenID Connect, against the sandbox.

#[cfg(test)]
mod apply;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod others;
#[cfg(test)]
mod service_account;
#[cfg(test)]
mod support;
#[cfg(test)]
mod undo;
#[cfg(test)]
mod weather;
