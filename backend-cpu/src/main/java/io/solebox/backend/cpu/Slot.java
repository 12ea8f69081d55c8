package io.solebox.backend.cpu;

/**
 * What one task leaves for others: rows of bytes, without a place in memory yet.
 *
 * @param id unique in its program, dense from 0
 * @param width elements of a row
 * @param rowBytes bytes of a row
 */
record Slot(int id, int width, long rowBytes, Domain domain) {}
