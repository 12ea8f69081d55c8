package io.solebox.bench.load;

/**
 * What the server holds while nobody asks anything.
 *
 * @param seconds since the load began
 * @param requests answered or left by then
 * @param heapBytes of the Java heap, after a collection
 * @param directBytes of Java's direct buffers
 * @param residentBytes of the process (VmRSS)
 * @param threads of the process, those of the platform
 * @param descriptors that are open
 * @param usedBlocks of the KV caches, of running sequences
 * @param answers that run or wait
 * @param storeBytes of all files in the folder of the state
 */
record Vitals(
    String name,
    double seconds,
    long requests,
    long heapBytes,
    long directBytes,
    long residentBytes,
    int threads,
    int descriptors,
    long usedBlocks,
    long answers,
    long storeBytes) {}
