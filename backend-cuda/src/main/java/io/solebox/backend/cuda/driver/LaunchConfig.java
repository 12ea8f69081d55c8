package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** {@code CUlaunchConfig} with one {@code CUlaunchAttribute}, as the driver lays them out. */
final class LaunchConfig {
  private static final int CONFIG_BYTES = 56;
  private static final int ATTRIBUTE_BYTES = 72;
  private static final int PROGRAMMATIC_STREAM_SERIALIZATION = 6;

  private LaunchConfig() {}

  static MemorySegment early(Arena arena, Grid grid, long stream) {
    MemorySegment attribute = arena.allocate(ATTRIBUTE_BYTES, 8);
    attribute.set(JAVA_INT, 0, PROGRAMMATIC_STREAM_SERIALIZATION);
    attribute.set(JAVA_INT, 8, 1);
    MemorySegment config = arena.allocate(CONFIG_BYTES, 8);
    config.setAtIndex(JAVA_INT, 0, grid.x());
    config.setAtIndex(JAVA_INT, 1, grid.y());
    config.setAtIndex(JAVA_INT, 2, grid.z());
    config.setAtIndex(JAVA_INT, 3, grid.threads());
    config.setAtIndex(JAVA_INT, 4, 1);
    config.setAtIndex(JAVA_INT, 5, 1);
    config.setAtIndex(JAVA_INT, 6, grid.sharedBytes());
    config.set(JAVA_LONG, 32, stream);
    config.set(ADDRESS, 40, attribute);
    config.set(JAVA_INT, 48, 1);
    return config;
  }
}
