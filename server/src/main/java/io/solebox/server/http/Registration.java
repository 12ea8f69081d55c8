package io.solebox.server.http;

/** Something that was registered, until closed. */
interface Registration extends AutoCloseable {
  @Override
  void close();
}
