package io.solebox.server.knowledge.watch;

import java.nio.file.Path;

/**
 * A folder whose documents can be asked.
 *
 * @param name what its collection is called
 */
public record WatchedFolder(String name, Path folder) {}
