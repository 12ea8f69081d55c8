package io.solebox.hardware.table;

/**
 * A number of a table.
 *
 * @param value in the unit that its field names
 * @param source where it was read
 */
public record Sourced(double value, String source) {}
