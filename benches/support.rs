//! Throughput of the engine; see README.md in this folder.
