//! Reception and quota together, in a country of four municipalities at one tenth of the real size.

mod fixture;
mod flows;
mod quota;
