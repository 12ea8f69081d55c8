package io.solebox.backend.cpu.nativelib;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Brings the library from the jar into the process, where it stays. */
final class LoadedLibrary {
  private static final Map<String, SymbolLookup> LOADED = new ConcurrentHashMap<>(); // by digest

  private LoadedLibrary() {}

  /**
   * The library out of the user's cache, loaded once in this process: every backend computes with
   * the same.
   *
   * @throws IOException as {@link #load}, which the next call tries again
   */
  static SymbolLookup ofThisProcess(BuiltLibrary.Present library) throws IOException {
    SymbolLookup loaded = LOADED.get(library.sha256());
    if (loaded == null) {
      Path home = Path.of(System.getProperty("user.home"));
      loaded = load(library, LibraryCache.ofUser(System.getenv(), home));
      LOADED.put(library.sha256(), loaded);
    }
    return loaded;
  }

  /**
   * Loads it from the cache, or through a temporary file where the cache cannot be used: no home, a
   * full or read-only disk, a mount with {@code noexec}.
   *
   * @throws IOException when neither works; the message has both reasons
   */
  static SymbolLookup load(BuiltLibrary.Present library, LibraryCache cache) throws IOException {
    byte[] bytes = library.bytes();
    try {
      return open(cache.store(bytes, library.sha256()));
    } catch (IOException cached) {
      try {
        return loadTemporary(bytes);
      } catch (IOException temporary) {
        throw new IOException(describe(cached) + "; " + describe(temporary), temporary);
      }
    }
  }

  /** A library that is mapped needs its file no more. */
  private static SymbolLookup loadTemporary(byte[] bytes) throws IOException {
    Path folder = Files.createTempDirectory("solebox-"); // only for its owner
    Path file = folder.resolve(BuiltLibrary.FILE);
    try {
      Files.write(file, bytes);
      return open(file);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  private static SymbolLookup open(Path file) throws IOException {
    try {
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new IOException("the system does not load " + file, e);
    }
  }

  /** Exceptions about files often have no more than the path as their message. */
  private static String describe(IOException e) {
    return e.getClass() == IOException.class ? e.getMessage() : e.toString();
  }
}
