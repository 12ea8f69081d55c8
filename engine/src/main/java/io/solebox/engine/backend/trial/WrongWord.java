package io.solebox.engine.backend.trial;

/**
 * A word of 32 bits that was not read as it had been written.
 *
 * @param pattern for people
 * @param offset in bytes, from the beginning of the memory that was tested
 * @param address as the device's kernels see it; which chip that is, only its maker could say
 * @param expected what was written
 * @param found what was read
 */
public record WrongWord(String pattern, long offset, long address, int expected, int found) {}
