//! doorstroom-world.
