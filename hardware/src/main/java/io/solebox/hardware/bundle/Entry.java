package io.solebox.hardware.bundle;

/** What lies at a path of a bundle. */
public sealed interface Entry {
  /**
   * A file.
   *
   * @param bytes of whoever made the entry, and changed by nobody
   */
  record Bytes(byte[] bytes) implements Entry {}

  /**
   * A symbolic link.
   *
   * @param target as it is written, from where the link lies
   */
  record Link(String target) implements Entry {}
}
