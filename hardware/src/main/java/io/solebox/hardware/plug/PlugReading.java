package io.solebox.hardware.plug;

import java.util.OptionalDouble;

/**
 * What a plug measures. A relay without a meter says nothing of power: that is not 0 W.
 *
 * @param on whether it gives power
 * @param watts drawn now
 * @param joules counted since somebody has set its counter to 0
 */
public record PlugReading(
    boolean on,
    OptionalDouble watts,
    OptionalDouble volts,
    OptionalDouble amperes,
    OptionalDouble joules) {}
