package io.solebox.store.quantize;

/** Turns floats into blocks of one format. Has scratch: for one thread at a time. */
interface RowEncoder {
  /**
   * @param x rows of finite floats, one after the other; [rows, cols]
   * @param cols a multiple of the format's block size
   * @param out room for their blocks, from its start on
   */
  void encode(float[] x, int rows, int cols, Importance importance, byte[] out);
}
