package io.solebox.server.http;

/** Something that was registered, until closed. */
public interface Registration extends AutoCloseable {
  @Override
  void close();
}
