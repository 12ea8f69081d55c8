package io.solebox.engine.backend.trial;

/**
 * A number that a device computed wrongly.
 *
 * @param pass of the burn, from 0
 * @param unit the device's number of the multiprocessor that computed it: one unit again and again
 *     is a broken one, all of them in turn are clock or voltage
 * @param row of the product
 * @param column of the product
 * @param expected what the same numbers must give, to the bit
 * @param found what they gave
 */
public record WrongElement(
    long pass, int unit, int row, int column, double expected, double found) {}
