//! Guided changes of who may open what, against the sandbox.

#[cfg(test)]
mod apply;
#[cfg(test)]
mod confirm;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod journals;
#[cfg(test)]
mod locks;
#[cfg(test)]
mod menu;
#[cfg(test)]
mod others;
#[cfg(test)]
mod since;
#[cfg(test)]
mod support;
#[cfg(test)]
mod total;
#[cfg(test)]
mod undo;
#[cfg(test)]
mod weather;
