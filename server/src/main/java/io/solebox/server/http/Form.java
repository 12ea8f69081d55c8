package io.solebox.server.http;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A form that was sent as {@code multipart/form-data}.
 *
 * @param fields texts by name; the last where a name has several
 * @param file the one file in it
 */
public record Form(Map<String, String> fields, Optional<Upload> file) {
  /**
   * A file in a form.
   *
   * @param field it was sent as
   * @param name that its sender gave it; it may be anything
   * @param path where it lies; whoever reads the form moves or deletes it
   * @param digest SHA-256, in hexadecimal
   */
  public record Upload(String field, String name, Path path, long bytes, String digest) {}
}
