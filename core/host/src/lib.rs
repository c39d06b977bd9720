//! Finds, checks and loads plugins; runs pipelines; reports diagnostics
