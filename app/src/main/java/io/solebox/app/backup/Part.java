package io.solebox.app.backup;

import java.nio.file.Path;

/**
 * A file that goes into a backup.
 *
 * @param name in the backup
 * @param file where its bytes are, which may be a copy
 * @param bytes how many these were when it was found
 */
record Part(String name, Path file, long bytes) {}
