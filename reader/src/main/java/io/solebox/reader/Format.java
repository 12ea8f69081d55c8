package io.solebox.reader;

import java.io.IOException;

/** How documents of one kind are read. */
interface Format {
  /**
   * @param file the whole of it
   * @throws IOException if it is damaged, or nobody takes what is read
   */
  void read(byte[] file, Text out) throws IOException, Refusal;
}
