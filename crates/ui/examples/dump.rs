#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    unreachable_pub,
    clippy::print_stdout,
    clippy::allow_attributes
)]
#[path = "../tests/gallery/page.rs"]
mod page;
fn main() {
    println!("{}", page::html());
}
