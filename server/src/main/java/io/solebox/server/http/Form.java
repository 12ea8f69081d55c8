package io.solebox.server.http;

import java.io.IOException;
import java.io.OutputStream;
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
   */
  public record Upload(String field, String name) {}

  /** Opens what takes the bytes of the file, at most once. */
  @FunctionalInterface
  public interface Target {
    OutputStream open() throws IOException;
  }
}
