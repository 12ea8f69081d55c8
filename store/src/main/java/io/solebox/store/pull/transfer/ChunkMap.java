package io.solebox.store.pull.transfer;

/**
 * How a file is cut for transfer.
 *
 * @param size of the file in bytes, at least 1
 * @param chunkBytes of every chunk but the last
 */
record ChunkMap(long size, long chunkBytes) {
  private static final long SMALLEST = 1L << 20;
  private static final long LARGEST = 64L << 20;
  private static final long WISHED_CHUNKS = 256;

  /** Chunks that are little when they are lost where a transfer breaks off, and are not many. */
  static ChunkMap of(long size) {
    long wished = Math.clamp(size / WISHED_CHUNKS, SMALLEST, LARGEST);
    return new ChunkMap(size, Long.highestOneBit(wished));
  }

  int count() {
    return Math.toIntExact((size + chunkBytes - 1) / chunkBytes);
  }

  ByteRange range(int index) {
    long from = index * chunkBytes;
    return new ByteRange(from, Math.min(size, from + chunkBytes));
  }
}
