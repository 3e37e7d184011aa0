//! doorstroom-experiment.
