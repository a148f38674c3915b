//! Choosing among many pages: shares, reach, cost, pages to load, and what keeps a request from a key.

mod cost;
mod limits;
mod pages;
mod shares;
