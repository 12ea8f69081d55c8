package io.solebox.engine.api;

import io.solebox.engine.spill.FileSeal;
import java.nio.file.Path;

/**
 * Where prefixes are written when a model is closed or has had nothing to do for a while, and found
 * when it is loaded again.
 *
 * @param folder in which each model has one of its own
 * @param bytes that each model may take there
 * @param seal of what is written
 */
public record SaveOptions(Path folder, long bytes, FileSeal seal) {}
